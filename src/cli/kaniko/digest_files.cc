#include "cli/kaniko/digest_files.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "net/client.hh"
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

namespace mica::cli::kaniko {

namespace fs = std::filesystem;

namespace {

void write_in_place(const fs::path &path, std::string_view text)
{
    in_context([&] { return fmt::format("writing the digest to {}", path.string()); },
               [&] {
                   std::error_code code;
                   fs::create_directories(fs::absolute(path).parent_path(), code);
                   FdSink file{open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0644)};
                   file.write(as_bytes(text));
                   file.finish();
               });
}

void put(const std::string &address, const std::string &text, const std::stop_token &stop)
{
    constexpr std::uint64_t longest_answer = 64 * 1024;
    net::Client client;
    net::Request request{.method = net::Method::put, .url = net::Url::parse(address)};
    request.headers.set("Content-Type", "text/plain; charset=utf-8");
    request.body = text;
    const auto answer = client.send(request, longest_answer, stop);
    if (answer.status < 200 || answer.status > 299)
        throw Error{ErrorKind::network, fmt::format("{} did not take the digest: status {}",
                                                    request.url.display(), answer.status)};
}

bool is_address(std::string_view text)
{
    return text.starts_with("https://") || text.starts_with("http://");
}

std::string builder_output(const std::vector<oci::Reference> &destinations, const Digest &digest)
{
    std::string lines;
    for (const auto &name : destinations)
        lines += nlohmann::ordered_json{{"name", name.str()}, {"digest", digest.str()}}.dump() + "\n";
    return lines;
}

} // namespace

void write_digest_files(const DigestFiles &files, const std::vector<oci::Reference> &destinations,
                        const Digest &digest, const Environment &environment, const std::stop_token &stop)
{
    std::string names, tagged;
    for (const auto &name : destinations) {
        names += fmt::format("{}@{}\n", name.name(), digest.str());
        tagged += fmt::format("{}@{}\n", name.str(), digest.str());
    }
    if (is_address(files.digest))
        put(files.digest, digest.str(), stop);
    else if (!files.digest.empty())
        write_in_place(files.digest, digest.str());
    if (!files.names_with_digest.empty())
        write_in_place(files.names_with_digest, names);
    if (!files.names_tags_digest.empty())
        write_in_place(files.names_tags_digest, tagged);
    if (const auto directory = environment.get("BUILDER_OUTPUT"))
        write_in_place(fs::path{*directory} / "images", builder_output(destinations, digest));
}

} // namespace mica::cli::kaniko
