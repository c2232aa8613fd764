// Any address is a path, a download, a repository, or refused; a listing of refs has the asked one or not.
#include "context/remote_source.hh"
#include "base/error.hh"
#include "context/git_refs.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace {

using namespace mica;
using namespace mica::context;
using fuzz::require;

void check_source(const std::string &text)
try {
    const auto source = parse_remote_source(text);
    require(source.has_value() == (is_url(text) || is_git(text)), "what is remote is a URL or git");
    if (!source)
        return;
    if (const auto *http = std::get_if<HttpSource>(&*source)) {
        require(!http->file_name.empty() && http->file_name.find('/') == std::string::npos,
                "a name of one component");
        require(http->file_name != "." && http->file_name != ".." &&
                    http->file_name.find('\0') == std::string::npos,
                "a name that leads nowhere else");
        return;
    }
    const auto &git = std::get<GitSource>(*source);
    require(!git.subdir.starts_with('/') && ("/" + git.subdir + "/").find("/../") == std::string::npos,
            "a directory within the repository");
    require(!git.remote.starts_with('-'), "no option of git");
    for (const auto *field : {&git.remote, &git.ref, &git.subdir})
        require(field->find('\0') == std::string::npos, "a text that the system takes whole");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::dockerfile, "an error of the Dockerfile's kind");
}

void check_refs(const std::string &listing)
{
    static_cast<void>(default_branch(listing));
    try {
        require(!find_ref(listing, "v1").name.empty(), "what is found has a name");
    } catch (const Error &error) {
        require(error.kind() == ErrorKind::not_found, "else it is not found");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const std::string text{reinterpret_cast<const char *>(bytes), size};
    check_source(text);
    check_refs(text);
    return 0;
}
