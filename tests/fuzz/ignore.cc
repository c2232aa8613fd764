// Any ignore file is read or refused; a list without exceptions ignores all below what it
// ignores; and a walk that asks where matches may be misses none.
#include "context/ignore.hh"
#include "base/error.hh"
#include "context/path_pattern.hh"
#include "context/path_text.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace mica;
using namespace mica::context;
using fuzz::require;

void check_pattern(const std::string &text, const std::string &path)
try {
    const PathPattern pattern{text};
    if (!pattern.matches(path))
        return;
    for (auto at = path.rfind('/'); at != std::string::npos && at > 0; at = path.rfind('/', at - 1))
        require(pattern.may_match_below(path.substr(0, at)), "a match lies where one may be");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::usage, "a pattern is refused as one");
}

void check_list(const std::vector<std::string> &patterns, const std::string &path)
try {
    const IgnoreList list{patterns};
    const bool has_exceptions = list.may_have_exceptions_below(path);
    if (list.matches_or_parent(path) && !has_exceptions)
        require(list.matches_or_parent(join_path(path, "below")),
                "what is ignored is ignored with all below");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::usage, "a list is refused as one");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    const auto end = text.find('\n');
    const auto path = rooted_path(text.substr(0, end));
    require(rooted_path(path) == path, "a path stays once it is clean");
    require(clean_path(clean_path(text)) == clean_path(text), "cleaning is done once");
    const auto patterns = read_ignore_file(end == std::string_view::npos ? "" : text.substr(end), "fuzz");
    for (const auto &pattern : patterns)
        check_pattern(pattern, path);
    if (!path.empty())
        check_list(patterns, path);
    return 0;
}
