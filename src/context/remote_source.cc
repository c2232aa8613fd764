#include "context/remote_source.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/git_reference.hh"
#include "context/path_text.hh"
#include "context/url_text.hh"

namespace mica::context {

namespace {

bool has_http_scheme(std::string_view source)
{
    return source.starts_with("http://") || source.starts_with("https://");
}

std::string file_name_of(std::string_view url)
{
    constexpr auto unnamed = "__unnamed__";
    const auto path = percent_decoded(split_url(url).path);
    const auto name = std::string{base_name(trim(path, "/"))};
    const bool is_name = !name.empty() && name != "." && name != ".." && name.find('\0') == std::string::npos;
    return is_name ? name : unnamed;
}

} // namespace

bool is_git(std::string_view source)
{
    return find_git_reference(source).has_value();
}

bool is_url(std::string_view source)
{
    return has_http_scheme(source) && !is_git(source);
}

std::optional<RemoteSource> parse_remote_source(std::string_view source)
{
    if (const auto reference = find_git_reference(source))
        return parse_git_reference(*reference);
    if (has_http_scheme(source))
        return HttpSource{.url = std::string{source}, .file_name = file_name_of(source)};
    return std::nullopt;
}

std::optional<RemoteSource> parse_remote_context(std::string_view source)
{
    if (!source.starts_with("github.com/"))
        return parse_remote_source(source);
    const auto url = "https://" + std::string{source};
    const auto parts = split_url(url);
    return parse_git_reference({parts.without_query, parts.query, parts.fragment});
}

} // namespace mica::context
