#include "exec/copy/remote_source.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/path_text.hh"
#include "exec/copy/git_reference.hh"
#include "exec/copy/url_text.hh"

namespace mica::exec {

namespace {

bool has_http_scheme(std::string_view source)
{
    return source.starts_with("http://") || source.starts_with("https://");
}

std::string file_name_of(std::string_view url)
{
    constexpr auto unnamed = "__unnamed__";
    const auto path = percent_decoded(split_url(url).path);
    const auto name = std::string{context::base_name(trim(path, "/"))};
    return name.empty() || name == "." || name == ".." ? unnamed : name;
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

} // namespace mica::exec
