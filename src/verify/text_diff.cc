#include "verify/text_diff.hh"

#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::verify {

namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text)
{
    if (text.empty())
        return {};
    auto lines = split(text, '\n');
    if (lines.back().empty()) // the last newline ends a line and begins none
        lines.pop_back();
    return lines;
}

// Myers' greedy algorithm. On diagonal k = x - y, reached_[d][k] is the farthest x that d edits reach from
// the upper left corner of the grid of both texts. The farthest points of d edits follow from those of d - 1:
// one step down (an added line) from k + 1 or one to the right (a removed one) from k - 1, then along
// equal lines for nothing. The first d that reaches the lower right corner is the length of a shortest
// script, and walking back through the tables gives it. One table a d is kept, of 2d + 1 numbers.
class ShortestScript {
public:
    ShortestScript(const Lines &left, const Lines &right)
        : left_{left}, right_{right}, width_{static_cast<int>(left.size())},
          height_{static_cast<int>(right.size())}
    {
    }

    /// False: it takes more edits than these.
    bool find(int most)
    {
        for (int edits = 0; edits <= most; ++edits) {
            reached_.emplace_back(static_cast<std::size_t>(2 * edits + 1));
            for (int k = -edits; k <= edits; k += 2) {
                const int x = follow(first_x(edits, k), k);
                at(edits, k) = x;
                if (x >= width_ && x - k >= height_)
                    return true;
            }
        }
        return false;
    }

    /// After find().
    [[nodiscard]] std::vector<LineEdit> edits()
    {
        std::vector<LineEdit> out;
        int x = width_, y = height_;
        for (int d = static_cast<int>(reached_.size()) - 1; d >= 0; --d) {
            const int k = x - y;
            const bool down = d > 0 && goes_down(d, k);
            const int start = first_x(d, k); // behind the edit, where the equal lines begin
            for (; x > start; --y)
                out.push_back({LineEdit::Kind::keep, left_[static_cast<std::size_t>(--x)]});
            if (d == 0)
                break;
            if (down)
                out.push_back({LineEdit::Kind::add, right_[static_cast<std::size_t>(--y)]});
            else
                out.push_back({LineEdit::Kind::remove, left_[static_cast<std::size_t>(--x)]});
        }
        std::reverse(out.begin(), out.end());
        return out;
    }

private:
    [[nodiscard]] int &at(int edits, int k)
    {
        return reached_[static_cast<std::size_t>(edits)][static_cast<std::size_t>(k + edits)];
    }
    [[nodiscard]] bool goes_down(int edits, int k)
    {
        return k == -edits || (k != edits && at(edits - 1, k - 1) < at(edits - 1, k + 1));
    }
    [[nodiscard]] int first_x(int edits, int k)
    {
        if (edits == 0)
            return 0;
        return goes_down(edits, k) ? at(edits - 1, k + 1) : at(edits - 1, k - 1) + 1;
    }
    [[nodiscard]] int follow(int x, int k) const
    {
        for (int y = x - k; x < width_ && y < height_ && y >= 0 &&
                            left_[static_cast<std::size_t>(x)] == right_[static_cast<std::size_t>(y)];
             ++y)
            ++x;
        return x;
    }

    const Lines &left_;
    const Lines &right_;
    int width_, height_;
    std::vector<std::vector<int>> reached_;
};

std::vector<LineEdit> replaced(const Lines &left, const Lines &right)
{
    std::vector<LineEdit> out;
    for (const auto line : left)
        out.push_back({LineEdit::Kind::remove, line});
    for (const auto line : right)
        out.push_back({LineEdit::Kind::add, line});
    return out;
}

constexpr std::size_t context_lines = 3;

/// The edits [first, last) with their context, and where they stand.
struct Hunk {
    std::size_t first = 0, last = 0;
    std::size_t left_line = 1, right_line = 1;
};

std::vector<Hunk> hunks_of(const std::vector<LineEdit> &edits)
{
    std::vector<Hunk> hunks;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (edits[i].kind == LineEdit::Kind::keep)
            continue;
        const auto first = i - std::min(i, context_lines);
        const auto last = std::min(edits.size(), i + 1 + context_lines);
        if (!hunks.empty() && first <= hunks.back().last)
            hunks.back().last = last;
        else
            hunks.push_back({first, last});
    }
    std::size_t left = 1, right = 1, at = 0;
    for (auto &hunk : hunks) {
        for (; at < hunk.first; ++at) {
            left += edits[at].kind != LineEdit::Kind::add ? 1 : 0;
            right += edits[at].kind != LineEdit::Kind::remove ? 1 : 0;
        }
        hunk.left_line = left;
        hunk.right_line = right;
    }
    return hunks;
}

/// "12,3", as diff counts: a range without lines names the line before it.
std::string range(std::size_t line, std::size_t count)
{
    return fmt::format("{},{}", count == 0 ? line - 1 : line, count);
}

char mark(LineEdit::Kind kind)
{
    return kind == LineEdit::Kind::keep ? ' ' : kind == LineEdit::Kind::remove ? '-' : '+';
}

} // namespace

std::vector<LineEdit> line_edits(std::string_view left, std::string_view right, std::size_t most_edits)
{
    auto a = lines_of(left), b = lines_of(right);
    std::vector<LineEdit> out, tail;
    const auto ahead = static_cast<std::size_t>(
        std::distance(a.begin(), std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first));
    for (std::size_t i = 0; i < ahead; ++i)
        out.push_back({LineEdit::Kind::keep, a[i]});
    while (a.size() > ahead && b.size() > ahead && a.back() == b.back()) {
        tail.push_back({LineEdit::Kind::keep, a.back()});
        a.pop_back();
        b.pop_back();
    }
    a.erase(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(ahead));
    b.erase(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(ahead));
    ShortestScript script{a, b};
    const bool found = script.find(static_cast<int>(std::min(most_edits, a.size() + b.size())));
    const auto middle = found ? script.edits() : replaced(a, b);
    out.insert(out.end(), middle.begin(), middle.end());
    out.insert(out.end(), tail.rbegin(), tail.rend());
    return out;
}

std::string unified_diff(std::string_view left, std::string_view right, std::size_t most_lines)
{
    const auto edits = line_edits(left, right);
    std::string out;
    std::size_t written = 0, left_out = 0;
    for (const auto &hunk : hunks_of(edits)) {
        std::size_t olds = 0, news = 0;
        for (auto i = hunk.first; i < hunk.last; ++i) {
            olds += edits[i].kind != LineEdit::Kind::add ? 1 : 0;
            news += edits[i].kind != LineEdit::Kind::remove ? 1 : 0;
        }
        if (written < most_lines)
            out += fmt::format("@@ -{} +{} @@\n", range(hunk.left_line, olds), range(hunk.right_line, news));
        for (auto i = hunk.first; i < hunk.last; ++i) {
            if (written++ < most_lines)
                out += fmt::format("{}{}\n", mark(edits[i].kind), edits[i].line);
            else
                ++left_out;
        }
    }
    if (left_out > 0)
        out += fmt::format("… {} more lines\n", left_out);
    return out;
}

bool is_text(std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[i]);
        if (first < 0x20 && bytes[i] != '\n' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\f' &&
            bytes[i] != '\x1b')
            return false;
        const std::size_t length = first < 0x80   ? 1
                                   : first < 0xc2 ? 0
                                   : first < 0xe0 ? 2
                                   : first < 0xf0 ? 3
                                   : first < 0xf5 ? 4
                                                  : 0;
        if (length == 0 || i + length > bytes.size())
            return false;
        for (std::size_t j = 1; j < length; ++j)
            if ((static_cast<unsigned char>(bytes[i + j]) & 0xc0U) != 0x80)
                return false;
        i += length;
    }
    return true;
}

} // namespace mica::verify
