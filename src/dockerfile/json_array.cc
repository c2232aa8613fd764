#include "dockerfile/json_array.hh"

#include "dockerfile/chars.hh"
#include <cstddef>

// RFC 8259, and no more than it: anything that is not exactly JSON must be told
// from JSON, since it is then a command for the shell. Values that are no strings are
// only checked for their form. Nesting is kept in a list of open brackets, so that no
// text can exhaust the stack.

namespace mica::dockerfile {

namespace {

constexpr std::size_t max_nesting = 10000;
constexpr char32_t replacement_character = 0xfffd;

bool is_surrogate(char32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdfff;
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}

    [[nodiscard]] bool at_end() const { return pos_ == text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[pos_]; }
    bool accept(char c)
    {
        const bool found = !at_end() && text_[pos_] == c;
        pos_ += found ? 1 : 0;
        return found;
    }
    void skip_blanks()
    {
        const auto next = text_.find_first_not_of(" \t\r\n", pos_);
        pos_ = next == std::string_view::npos ? text_.size() : next;
    }

    /// A string with its quotes; its value goes to `out` if given. False: broken.
    bool string(std::string *out)
    {
        if (!accept('"'))
            return false;
        while (!at_end()) {
            const char c = text_[pos_++];
            if (c == '"')
                return true;
            if (static_cast<unsigned char>(c) < 0x20)
                return false;
            if (c == '\\') {
                if (!escape(out))
                    return false;
            } else if (out != nullptr) {
                *out += c;
            }
        }
        return false;
    }

    /// A number, true, false or null. False: broken.
    bool scalar()
    {
        for (const std::string_view word : {"true", "false", "null"}) {
            if (text_.substr(pos_, word.size()) == word) {
                pos_ += word.size();
                return true;
            }
        }
        return number();
    }

private:
    std::size_t digits()
    {
        const auto begin = pos_;
        while (peek() >= '0' && peek() <= '9')
            ++pos_;
        return pos_ - begin;
    }
    bool number()
    {
        accept('-');
        if (!accept('0') && digits() == 0)
            return false;
        if (accept('.') && digits() == 0)
            return false;
        if (accept('e') || accept('E')) {
            if (!accept('+'))
                accept('-');
            return digits() > 0;
        }
        return true;
    }
    bool escape(std::string *out)
    {
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view values = "\"\\/\b\f\n\r\t";
        if (accept('u'))
            return unicode(out);
        const auto at = at_end() ? std::string_view::npos : letters.find(text_[pos_]);
        if (at == std::string_view::npos)
            return false;
        ++pos_;
        if (out != nullptr)
            *out += values[at];
        return true;
    }
    /// Behind "\u".
    bool unicode(std::string *out)
    {
        char32_t unit = 0;
        if (!hex4(unit))
            return false;
        if (is_surrogate(unit))
            unit = pair_with(unit);
        if (out != nullptr)
            append(*out, unit);
        return true;
    }
    /// The character of a high surrogate and the low one that follows, if it does.
    char32_t pair_with(char32_t high)
    {
        const auto before = pos_;
        char32_t low = 0;
        if (high < 0xdc00 && accept('\\') && accept('u') && hex4(low) && low >= 0xdc00 && low <= 0xdfff)
            return 0x10000 + ((high - 0xd800) << 10U) + (low - 0xdc00);
        pos_ = before;
        return replacement_character;
    }
    bool hex4(char32_t &out)
    {
        constexpr std::string_view hex = "0123456789abcdef0123456789ABCDEF";
        for (int i = 0; i < 4; ++i) {
            const auto at = at_end() ? std::string_view::npos : hex.find(text_[pos_]);
            if (at == std::string_view::npos)
                return false;
            out = out * 16 + static_cast<char32_t>(at % 16);
            ++pos_;
        }
        return true;
    }

    std::string_view text_;
    std::size_t pos_ = 0;
};

/// Walks through an array of any depth; the strings directly in it are kept.
class ArrayReader {
public:
    explicit ArrayReader(std::string_view text) : in_{text} {}

    [[nodiscard]] std::optional<JsonArray> run()
    {
        in_.skip_blanks();
        if (in_.peek() != '[' || !value())
            return std::nullopt;
        while (!open_.empty())
            if (!after_value())
                return std::nullopt;
        in_.skip_blanks();
        return in_.at_end() ? std::optional{std::move(out_)} : std::nullopt;
    }

private:
    /// A scalar whole, or the beginning of a list or object up to its first value
    /// (or its end). False: broken.
    bool value()
    {
        while (true) {
            in_.skip_blanks();
            const char c = in_.peek();
            if (c == '"')
                return string_value();
            if (c != '[' && c != '{') {
                note_other();
                return in_.scalar();
            }
            if (!open_.empty())
                note_other();
            in_.accept(c);
            if (open_.size() == max_nesting)
                return false;
            open_ += c;
            in_.skip_blanks();
            if (in_.accept(c == '[' ? ']' : '}')) {
                open_.pop_back();
                return true;
            }
            if (c == '{' && !key())
                return false;
        }
    }
    /// A comma and the next value, or the end of what is open. False: broken.
    bool after_value()
    {
        in_.skip_blanks();
        const bool list = open_.back() == '[';
        if (in_.accept(list ? ']' : '}')) {
            open_.pop_back();
            return true;
        }
        return in_.accept(',') && (list || key()) && value();
    }
    bool key()
    {
        in_.skip_blanks();
        if (!in_.string(nullptr))
            return false;
        in_.skip_blanks();
        return in_.accept(':');
    }
    bool string_value()
    {
        if (open_.size() != 1)
            return in_.string(nullptr);
        return in_.string(&out_.strings.emplace_back());
    }
    void note_other()
    {
        if (open_.size() == 1)
            out_.only_strings = false;
    }

    Reader in_;
    std::string open_; ///< brackets
    JsonArray out_;
};

} // namespace

std::optional<JsonArray> parse_json_array(std::string_view text)
{
    return ArrayReader{trim_spaces_left(text)}.run();
}

} // namespace mica::dockerfile
