#include "net/headers.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>

namespace mica::net {

namespace {

constexpr std::string_view forbidden{"\r\n\0", 3};

void check(const std::string &name, const std::string &value)
{
    if (name.empty() || name.find_first_of(forbidden) != std::string::npos ||
        name.find_first_of(": \t") != std::string::npos)
        throw Error{ErrorKind::usage,
                    "a header's name must not be empty or have blanks, colons or line breaks"};
    if (value.find_first_of(forbidden) != std::string::npos)
        throw Error{ErrorKind::usage, fmt::format("the value of the header {} has a line break", name)};
}

} // namespace

Headers::Headers(std::initializer_list<Field> fields)
{
    for (const auto &[name, value] : fields)
        add(name, value);
}

void Headers::add(std::string name, std::string value)
{
    check(name, value);
    fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value)
{
    check(name, value);
    remove(name);
    fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name)
{
    std::erase_if(fields_, [&](const Field &field) { return equal_ignoring_case(field.first, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const
{
    for (const auto &[field, value] : fields_)
        if (equal_ignoring_case(field, name))
            return value;
    return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const
{
    std::vector<std::string_view> found;
    for (const auto &[field, value] : fields_)
        if (equal_ignoring_case(field, name))
            found.emplace_back(value);
    return found;
}

} // namespace mica::net
