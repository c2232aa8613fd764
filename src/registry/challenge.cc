#include "registry/challenge.hh"

#include "base/text.hh"

namespace mica::registry {

namespace {

constexpr std::size_t longest_header = 16 * 1024;
constexpr std::size_t most_challenges = 16;
constexpr std::size_t most_parameters = 32;

bool is_token_character(char c)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
}

/// Commas part both parameters and challenges: a word is a parameter's name exactly when an
/// equals sign and a value follow, else it is the scheme of the next challenge.
class Reader {
public:
    explicit Reader(std::string_view text) : text_{text.substr(0, longest_header)} {}

    void read(std::vector<Challenge> &into)
    {
        Challenge *current = nullptr;
        while (true) {
            skip(" \t,");
            const auto word = take_word();
            if (word.empty())
                return;
            const auto after_word = at_;
            skip(" \t");
            if (current != nullptr && at_ < text_.size() && text_[at_] == '=') {
                ++at_;
                skip(" \t");
                auto value = take_value();
                if (!value)
                    return;
                if (current->parameters.size() < most_parameters)
                    current->parameters.emplace(to_lower(word), std::move(*value));
                continue;
            }
            if (into.size() == most_challenges)
                return;
            at_ = after_word;
            current = &into.emplace_back(Challenge{to_lower(word), {}});
            skip_token68();
        }
    }

private:
    void skip(std::string_view characters)
    {
        while (at_ < text_.size() && characters.find(text_[at_]) != std::string_view::npos)
            ++at_;
    }
    std::string_view take_word()
    {
        const auto start = at_;
        while (at_ < text_.size() && is_token_character(text_[at_]))
            ++at_;
        return text_.substr(start, at_ - start);
    }
    /// A token, or a quoted string without its quotes; nullopt when the quote never closes.
    std::optional<std::string> take_value()
    {
        if (at_ == text_.size() || text_[at_] != '"') {
            // Unquoted addresses are against the grammar and seen in the field.
            const auto end = std::min(text_.find_first_of(", \t", at_), text_.size());
            const auto value = text_.substr(at_, end - at_);
            at_ = end;
            return std::string{value};
        }
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                ++at_;
                return value;
            }
            if (text_[at_] == '\\' && at_ + 1 < text_.size())
                ++at_;
            value += text_[at_];
        }
        return std::nullopt;
    }
    /// "Negotiate YII…=": a scheme may have one blob instead of parameters.
    void skip_token68()
    {
        const auto start = at_;
        skip(" \t");
        while (at_ < text_.size() && (is_token_character(text_[at_]) || text_[at_] == '/'))
            ++at_;
        const auto blob_end = at_;
        skip("=");
        const bool padded = at_ - blob_end > 0;
        skip(" \t");
        const bool ended = at_ == text_.size() || text_[at_] == ',';
        if (!ended || (!padded && blob_end == start))
            at_ = start;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

std::string Challenge::parameter(const std::string &name) const
{
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string{} : found->second;
}

std::vector<Challenge> parse_challenges(std::span<const std::string_view> headers)
{
    std::vector<Challenge> challenges;
    for (const auto header : headers)
        Reader{header}.read(challenges);
    return challenges;
}

} // namespace mica::registry
