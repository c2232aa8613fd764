#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/typed.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::dockerfile {

namespace {

bool is_stage_name(std::string_view name)
{
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_inner = [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), is_inner);
}

} // namespace

From typed_from(const Node &node)
{
    const auto &words = node.arguments;
    const bool named = words.size() == 3 && equal_ignoring_case(words[1], "as");
    if (!named && words.size() != 1)
        throw Error{ErrorKind::dockerfile, "FROM requires either one or three arguments"}.with_hint(
            "write FROM IMAGE or FROM IMAGE AS NAME");
    From out;
    out.image = words.front();
    if (named) {
        out.written_as = words[1];
        out.written_stage_name = words[2];
        out.stage_name = to_lower(words[2]);
        if (!is_stage_name(out.stage_name))
            throw Error{
                ErrorKind::dockerfile,
                fmt::format("invalid name for build stage: \"{}\", name can't start with a number or contain "
                            "symbols",
                            words[2])};
        out.comment = doc_comment(node.comments, out.stage_name);
    }
    out.platform = Flags::parse(node.flags, {{"platform", FlagKind::text}}).text("platform");
    return out;
}

} // namespace mica::dockerfile
