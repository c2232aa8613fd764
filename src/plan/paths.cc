#include "plan/paths.hh"
#include "base/text.hh"
#include <vector>

namespace mica::plan {

std::string clean_path(std::string_view path)
{
    const bool rooted = path.starts_with('/');
    std::vector<std::string_view> kept;
    for (const auto part : split(path, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part != "..") {
            kept.push_back(part);
        } else if (!kept.empty() && kept.back() != "..") {
            kept.pop_back();
        } else if (!rooted) {
            kept.push_back(part);
        }
    }
    std::string out = rooted ? "/" : "";
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (i > 0)
            out += '/';
        out += kept[i];
    }
    return out.empty() ? "." : out;
}

std::string join_paths(std::string_view parent, std::string_view child)
{
    if (parent.empty() || child.empty())
        return clean_path(parent.empty() ? child : parent);
    std::string both{parent};
    both += '/';
    both += child;
    return clean_path(both);
}

std::string base_name(std::string_view path)
{
    if (path.empty())
        return ".";
    const auto last = path.find_last_not_of('/');
    if (last == std::string_view::npos)
        return "/";
    path = path.substr(0, last + 1);
    const auto slash = path.rfind('/');
    return std::string{slash == std::string_view::npos ? path : path.substr(slash + 1)};
}

std::string working_directory(std::string_view current, std::string_view path)
{
    std::string parent = current.empty() ? "/" : std::string{current};
    if (!parent.starts_with('/'))
        parent = join_paths("/", parent);
    if (path.empty())
        return parent;
    return path.starts_with('/') ? std::string{path} : join_paths(parent, path);
}

std::string destination_path(std::string_view working_directory_now, std::string_view path)
{
    if (path.starts_with('/'))
        return std::string{path};
    const std::string written = path.empty() || path == "." ? "./" : std::string{path};
    auto out = working_directory(working_directory_now, written);
    if (written.ends_with('/')) {
        if (!out.ends_with('/'))
            out += '/';
    } else if (written.ends_with("/.")) {
        if (out != "/")
            out += '/';
        out += '.';
    }
    return out;
}

} // namespace mica::plan
