// Two halves of any bytes can be looked into and compared; equal lines stay, and the edits give both texts.
#include "fuzz.hh"
#include "verify/inside.hh"
#include "verify/text_diff.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mica;

std::string without(const std::vector<verify::LineEdit> &edits, verify::LineEdit::Kind kind)
{
    std::string text;
    for (const auto &edit : edits)
        if (edit.kind != kind)
            text.append(edit.line) += '\n';
    return text;
}

std::string with_newline(std::string_view text)
{
    std::string out{text};
    if (!out.empty() && !out.ends_with('\n'))
        out += '\n';
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    const auto left = text.substr(0, size / 2), right = text.substr(size / 2);
    for (const auto *path : {"x", "x.pyc", "x.a"})
        static_cast<void>(verify::look_inside(path, left, right));
    const auto edits = verify::line_edits(left, right, 50);
    fuzz::require(without(edits, verify::LineEdit::Kind::add) == with_newline(left),
                  "the edits give the left text");
    fuzz::require(without(edits, verify::LineEdit::Kind::remove) == with_newline(right), "and the right one");
    return 0;
}
