#include "cli/grants.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/values.hh"
#include "dockerfile/csv.hh"
#include "io/fd.hh"
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>

namespace mica::cli {

namespace fs = std::filesystem;

namespace {

// The limit that BuildKit's users know.
constexpr std::uint64_t largest_secret = 500 * 1024;

constexpr std::string_view one_device = "device=";

[[noreturn]] void refuse(std::string message)
{
    throw Error{ErrorKind::usage, std::move(message)};
}

/// A file, read anew each time it is opened.
class SecretFileContent final : public Content {
public:
    explicit SecretFileContent(fs::path path) : path_{std::move(path)} {}
    [[nodiscard]] std::unique_ptr<Source> open() const override
    {
        return std::make_unique<StringSource>(read_file(path_, largest_secret));
    }

private:
    fs::path path_;
};

/// The keys of one secret, each once, under their full names.
std::map<std::string, std::string> secret_fields(std::string_view text)
{
    std::map<std::string, std::string> fields;
    for (const auto &field : dockerfile::csv_fields(text)) {
        auto [name, value] = parse_name_value(field);
        if (!value)
            refuse(fmt::format("\"{}\" is not of the form KEY=VALUE", field));
        if (name == "source")
            name = "src";
        if (name != "id" && name != "src" && name != "env" && name != "type")
            refuse(fmt::format("a secret has no \"{}\": there are id, src, env, type", name));
        fields[name] = std::move(*value);
    }
    return fields;
}

ContentPtr from_variable(const std::string &name, const Environment &environment)
{
    const auto found = environment.variables.find(name);
    if (found == environment.variables.end())
        refuse(fmt::format("the environment variable {} is not set", name));
    return std::make_shared<StringContent>(found->second);
}

ContentPtr from_file(const fs::path &path)
{
    if (std::error_code code; !fs::is_regular_file(path, code))
        refuse(fmt::format("\"{}\" is not a file", path.string()));
    return std::make_shared<SecretFileContent>(fs::absolute(path));
}

} // namespace

std::pair<std::string, ContentPtr> parse_secret(std::string_view text, const Environment &environment)
{
    auto fields = secret_fields(text);
    const auto id = fields["id"];
    const auto type = fields["type"];
    if (id.empty())
        refuse("a secret needs an id: id=ID");
    if (!type.empty() && type != "file" && type != "env")
        refuse(fmt::format("a secret's type is file or env, not \"{}\"", type));
    const auto variable = type == "env" && fields["env"].empty() ? fields["src"] : fields["env"];
    if (!variable.empty())
        return {id, from_variable(variable, environment)};
    if (!fields["src"].empty())
        return {id, from_file(fields["src"])};
    if (type == "env" || (type.empty() && environment.variables.contains(id)))
        return {id, from_variable(id, environment)};
    return {id, from_file(id)};
}

std::pair<std::string, fs::path> parse_ssh(std::string_view text, const Environment &environment)
{
    auto [id, value] = parse_name_value(text);
    const auto socket = value ? fs::path{*value} : fs::path{environment.get("SSH_AUTH_SOCK").value_or("")};
    if (socket.empty())
        throw Error{ErrorKind::usage, "there is no SSH agent: SSH_AUTH_SOCK is not set"}.with_hint(
            "start one with ssh-agent, or name its socket: ID=SOCKET");
    if (std::error_code code; !fs::is_socket(socket, code))
        throw Error{ErrorKind::usage,
                    fmt::format("\"{}\" is not the socket of an SSH agent", socket.string())}
            .with_hint("add the key to an agent, and give the agent");
    return {std::move(id), socket};
}

void add_entitlement(exec::Entitlements &allowed, std::string_view name)
{
    if (name == "network.host")
        allowed.network_host = true;
    else if (name == "security.insecure")
        allowed.security_insecure = true;
    else if (name == "device")
        allowed.device = true;
    else if (name.starts_with(one_device) && name.size() > one_device.size())
        allowed.devices.emplace(name.substr(one_device.size()));
    else
        refuse(fmt::format(
            "\"{}\" cannot be allowed; network.host, security.insecure, device and device=NAME can", name));
}

} // namespace mica::cli
