#include "context/path_text.hh"

#include "base/text.hh"
#include "context/utf8.hh"

namespace mica::context {

namespace {

/// The components that remain after "." and ".." have done their work. With `rooted`
/// a ".." at the top goes nowhere.
std::vector<std::string_view> reduced(std::string_view path, bool rooted)
{
    std::vector<std::string_view> kept;
    for (const auto part : split(path, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part != "..")
            kept.push_back(part);
        else if (!kept.empty() && kept.back() != "..")
            kept.pop_back();
        else if (!rooted)
            kept.push_back(part);
    }
    return kept;
}

std::string joined(const std::vector<std::string_view> &parts)
{
    std::string out;
    for (const auto part : parts) {
        if (!out.empty())
            out += '/';
        out += part;
    }
    return out;
}

bool is_space(char32_t c)
{
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

} // namespace

std::string clean_path(std::string_view path)
{
    const bool absolute = path.starts_with('/');
    auto text = joined(reduced(path, absolute));
    if (absolute)
        return "/" + text;
    return text.empty() ? "." : text;
}

std::string rooted_path(std::string_view path)
{
    return joined(reduced(path, true));
}

std::string join_path(std::string_view parent, std::string_view child)
{
    std::string out{parent};
    if (!parent.empty() && !child.empty())
        out += '/';
    return out.append(child);
}

std::string_view parent_path(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view base_name(std::string_view path)
{
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

bool is_at_or_below(std::string_view path, std::string_view directory)
{
    return directory.empty() || (path.starts_with(directory) &&
                                 (path.size() == directory.size() || path[directory.size()] == '/'));
}

std::string_view trim_unicode(std::string_view text)
{
    while (!text.empty()) {
        const auto first = decode_utf8(text);
        if (!is_space(first.code))
            break;
        text.remove_prefix(first.size);
    }
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && text.size() - start < 4 && is_utf8_continuation(text[start]))
            --start;
        const auto last = decode_utf8(text.substr(start));
        if (last.size != text.size() - start || !is_space(last.code))
            break;
        text.remove_suffix(last.size);
    }
    return text;
}

} // namespace mica::context
