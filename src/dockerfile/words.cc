#include "dockerfile/words.hh"

#include "base/error.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/dump.hh"
#include "dockerfile/expander.hh"
#include <fmt/format.h>

namespace mica::dockerfile {

namespace {

/// A frame for errors; long texts (heredoc bodies) are cut.
std::string while_expanding(std::string_view text)
{
    constexpr std::size_t shown = 80;
    if (text.size() <= shown)
        return fmt::format("expanding {}", quote(text));
    return fmt::format("expanding {}…", quote(text.substr(0, shown)));
}

/// The words of a text as it is: quotes and escapes group, but stay.
class RawSplitter {
public:
    RawSplitter(std::string_view text, char escape) : text_{text}, escape_{escape} {}

    [[nodiscard]] std::vector<std::string> run()
    {
        while (pos_ < text_.size()) {
            const auto character = decode(text_, pos_);
            if (quote_ == 0 && is_space(character.value))
                end_word();
            else if (text_[pos_] == escape_ && quote_ != '\'')
                take_escape();
            else
                take(character.length);
        }
        end_word();
        return std::move(words_);
    }

private:
    void end_word()
    {
        if (!word_.empty())
            words_.push_back(std::exchange(word_, {}));
        if (pos_ < text_.size())
            pos_ += decode(text_, pos_).length;
    }
    void take(std::size_t length)
    {
        const char c = text_[pos_];
        if (quote_ == 0 && (c == '\'' || c == '"'))
            quote_ = c;
        else if (c == quote_)
            quote_ = 0;
        word_ += text_.substr(pos_, length);
        pos_ += length;
    }
    /// The escape and the character behind it; at the end of the text it is dropped.
    void take_escape()
    {
        if (pos_ + 1 == text_.size()) {
            ++pos_;
            return;
        }
        const auto length = 1 + decode(text_, pos_ + 1).length;
        word_ += text_.substr(pos_, length);
        pos_ += length;
    }

    std::string_view text_;
    char escape_;
    std::size_t pos_ = 0;
    char quote_ = 0;
    std::string word_;
    std::vector<std::string> words_;
};

} // namespace

EnvList::EnvList(std::vector<std::pair<std::string, std::string>> values) : values_{std::move(values)}
{
    index();
}

void EnvList::index()
{
    for (std::size_t i = 0; i < values_.size(); ++i)
        places_[values_[i].first] = i;
}

EnvList EnvList::parse(const std::vector<std::string> &assignments)
{
    std::vector<std::pair<std::string, std::string>> values;
    values.reserve(assignments.size());
    for (const auto &assignment : assignments) {
        const auto equals = assignment.find('=');
        values.emplace_back(assignment.substr(0, equals),
                            equals == std::string::npos ? "" : assignment.substr(equals + 1));
    }
    return EnvList{std::move(values)};
}

std::optional<std::string> EnvList::get(std::string_view name) const
{
    const auto place = places_.find(name);
    if (place == places_.end())
        return std::nullopt;
    return values_[place->second].second;
}

std::vector<std::string> EnvList::names() const
{
    std::vector<std::string> out;
    out.reserve(values_.size());
    for (const auto &[name, value] : values_)
        out.push_back(name);
    return out;
}

void EnvList::set(std::string_view name, std::string value)
{
    const auto [place, is_new] = places_.try_emplace(std::string{name}, values_.size());
    if (is_new)
        values_.emplace_back(name, std::move(value));
    else
        values_[place->second].second = std::move(value);
}

std::vector<std::string> EnvList::assignments() const
{
    std::vector<std::string> out;
    out.reserve(values_.size());
    for (const auto &[name, value] : values_)
        out.push_back(fmt::format("{}={}", name, value));
    return out;
}

Expansion expand_word(std::string_view word, const Environment &env, const ExpandOptions &options)
{
    return in_context([&] { return while_expanding(word); },
                      [&] {
                          Expander expander{word, env, options};
                          auto text = expander.run(nullptr);
                          auto out = expander.take_lookups();
                          out.words.push_back(std::move(text));
                          return out;
                      });
}

Expansion expand_words(std::string_view word, const Environment &env, const ExpandOptions &options)
{
    return in_context([&] { return while_expanding(word); },
                      [&] {
                          Expander expander{word, env, options};
                          WordSplitter splitter;
                          static_cast<void>(expander.run(&splitter));
                          auto out = expander.take_lookups();
                          out.words = splitter.finish();
                          return out;
                      });
}

std::vector<std::string> split_words(std::string_view text, char escape)
{
    return RawSplitter{text, escape}.run();
}

} // namespace mica::dockerfile
