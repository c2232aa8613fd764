#include "auth/aws/profile.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <fmt/format.h>

namespace mica::auth::aws {

namespace {

constexpr std::uint64_t file_limit = 4 * 1024 * 1024;

class Reader {
public:
    explicit Reader(const std::string &where) : where_{where} {}

    void line(std::string_view text, std::size_t number)
    {
        const bool indented = text.starts_with(' ') || text.starts_with('\t');
        text = trim(text);
        if (text.empty() || text.front() == '#' || text.front() == ';')
            return;
        if (text.front() == '[' && !indented)
            return head(text, number);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0 || section_ == nullptr)
            refuse(number);
        const auto name = to_lower(trim(text.substr(0, equals)));
        const auto value = std::string{trim(text.substr(equals + 1))};
        if (indented && !parent_.empty()) {
            section_->set(parent_ + "." + name, value);
            return;
        }
        parent_ = value.empty() ? name : std::string{};
        section_->set(name, value);
    }

    std::map<std::string, Section> take() { return std::move(sections_); }

private:
    void head(std::string_view text, std::size_t number)
    {
        const auto end = text.find(']');
        if (end == std::string_view::npos)
            refuse(number);
        std::string name;
        for (const auto word : split(text.substr(1, end - 1), ' '))
            if (const auto part = trim(word); !part.empty())
                name += (name.empty() ? "" : " ") + std::string{part};
        section_ = &sections_[name];
        parent_.clear();
    }

    [[noreturn]] void refuse(std::size_t number) const
    {
        throw Error{
            ErrorKind::usage,
            fmt::format("{}, line {}, is neither a \"[section]\" nor \"name = value\"", where_, number)};
    }

    const std::string &where_;
    std::map<std::string, Section> sections_;
    Section *section_ = nullptr;
    std::string parent_; ///< the setting that indented ones belong to
};

std::map<std::string, Section> read(const std::optional<std::filesystem::path> &file)
try {
    return file ? parse_shared_file(read_file(*file, file_limit), file->string())
                : std::map<std::string, Section>{};
} catch (const Error &error) {
    if (error.kind() == ErrorKind::not_found)
        return {};
    throw;
}

std::optional<std::filesystem::path> place(const Variables &variables, const char *variable,
                                           const char *usual)
{
    const auto named = variables.get(variable);
    return named ? std::optional{std::filesystem::path{*named}} : variables.in_home(usual);
}

const Section *find(const std::map<std::string, Section> &sections, const std::string &name)
{
    const auto found = sections.find(name);
    return found == sections.end() ? nullptr : &found->second;
}

} // namespace

std::optional<std::string> Section::get(const std::string &name) const
{
    const auto found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::nullopt : std::optional{found->second};
}

std::string Section::need(const std::string &name, const std::string &whose) const
{
    if (auto value = get(name))
        return *value;
    throw Error{ErrorKind::usage, fmt::format("{} has no {}", whose, name)};
}

void Section::merge(const Section &other)
{
    for (const auto &[name, value] : other.values_)
        values_.insert_or_assign(name, value);
}

std::map<std::string, Section> parse_shared_file(std::string_view text, const std::string &where)
{
    Reader reader{where};
    std::size_t number = 0;
    for (const auto line : split(text, '\n'))
        reader.line(line, ++number);
    return reader.take();
}

Profiles Profiles::load(const Variables &variables)
{
    return {read(place(variables, "AWS_CONFIG_FILE", ".aws/config")),
            read(place(variables, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"))};
}

std::optional<Section> Profiles::profile(const std::string &name) const
{
    std::optional<Section> found;
    const auto add = [&](const Section *more) {
        if (more == nullptr)
            return;
        if (!found)
            found.emplace();
        found->merge(*more);
    };
    if (name == "default")
        add(find(config_, "default"));
    add(find(config_, "profile " + name));
    add(find(credentials_, name));
    return found;
}

bool Profiles::has_shared_keys(const std::string &name) const
{
    const auto *section = find(credentials_, name);
    return section != nullptr && section->get("aws_access_key_id").has_value();
}

std::optional<Section> Profiles::section(const std::string &kind, const std::string &name) const
{
    const auto *found = find(config_, kind + " " + name);
    return found == nullptr ? std::nullopt : std::optional{*found};
}

} // namespace mica::auth::aws
