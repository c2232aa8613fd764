#include "context/fetch_access.hh"

#include "base/text.hh"
#include <fmt/format.h>
#include <openssl/evp.h>

namespace mica::context {

namespace {

constexpr std::uint64_t longest_secret = 512 * 1024;

/// Without the line end that files tend to have. Empty: there is none of that name.
std::string secret_of(const FetchAccess &access, const std::string &id)
{
    const auto found = access.secrets.find(id);
    if (found == access.secrets.end())
        return {};
    const auto source = found->second->open();
    return std::string{trim(read_all(*source, longest_secret))};
}

std::string base64(const std::string &text)
{
    std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
    const auto size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char *>(encoded.data()),
                                        reinterpret_cast<const unsigned char *>(text.data()),
                                        static_cast<int>(text.size()));
    encoded.resize(static_cast<std::size_t>(size));
    return encoded;
}

} // namespace

std::string basic_authorization(std::string_view user, std::string_view password)
{
    return "Basic " + base64(fmt::format("{}:{}", user, password));
}

std::string http_authorization(const FetchAccess &access, std::string_view host)
{
    const auto header = secret_of(access, fmt::format("HTTP_AUTH_HEADER_{}", host));
    if (!header.empty())
        return header;
    const auto token = secret_of(access, fmt::format("HTTP_AUTH_TOKEN_{}", host));
    return token.empty() ? "" : "Bearer " + token;
}

std::string git_authorization(const FetchAccess &access, std::string_view host_and_port)
{
    // The secret of one host goes before the one for all.
    for (const auto &suffix : {"." + std::string{host_and_port}, std::string{}}) {
        const auto header = secret_of(access, "GIT_AUTH_HEADER" + suffix);
        if (!header.empty())
            return header;
        const auto token = secret_of(access, "GIT_AUTH_TOKEN" + suffix);
        if (!token.empty())
            return basic_authorization("x-access-token", token);
    }
    if (access.git_login)
        return basic_authorization(access.git_login->user, access.git_login->password);
    return {};
}

} // namespace mica::context
