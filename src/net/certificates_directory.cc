#include "net/certificates_directory.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <set>

namespace mica::net {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest_file = 4 * 1024 * 1024;

Tls read_one(const fs::path &directory, const std::string &trusted)
{
    Tls tls;
    // In an order that does not depend on the disk.
    std::set<fs::path> files;
    for (const auto &entry : fs::directory_iterator{directory})
        files.insert(entry.path());
    for (const auto &file : files) {
        if (file.extension() == ".crt")
            tls.ca_pem += read_file(file, longest_file) + "\n";
        if (file.extension() != ".cert" || !tls.client_certificate.empty())
            continue;
        auto key = file;
        key.replace_extension(".key");
        if (!files.contains(key))
            throw Error{ErrorKind::usage,
                        fmt::format("{} has no key beside it ({})", file.string(), key.filename().string())};
        tls.client_certificate = file;
        tls.client_key = key;
    }
    if (!tls.ca_pem.empty())
        tls.ca_pem += trusted;
    return tls;
}

} // namespace

std::map<std::string, Tls> certificates_below(const fs::path &directory, const std::string &trusted)
{
    std::map<std::string, Tls> found;
    std::error_code error;
    for (fs::directory_iterator entry{directory, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (!entry->is_directory(error))
            continue;
        auto tls = in_context([&] { return "reading the certificates in " + entry->path().string(); },
                              [&] { return read_one(entry->path(), trusted); });
        if (!tls.ca_pem.empty() || !tls.client_certificate.empty())
            found.insert_or_assign(to_lower(entry->path().filename().string()), std::move(tls));
    }
    return found;
}

} // namespace mica::net
