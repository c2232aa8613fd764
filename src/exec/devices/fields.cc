#include "exec/devices/fields.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::exec::cdi {

Fields::Fields(const Json &value, std::string path) : value_{value}, path_{std::move(path)}
{
    if (!value.is_object())
        throw Error{ErrorKind::usage, fmt::format("{} is not a map", path_.empty() ? "the document" : path_)};
}

void Fields::fail(std::string_view name, std::string_view why) const
{
    throw Error{ErrorKind::usage, fmt::format("{}{}{} {}", path_, path_.empty() ? "" : ".", name, why)};
}

void Fields::allow(std::initializer_list<std::string_view> names) const
{
    for (const auto &[name, value] : value_.items())
        if (std::ranges::find(names, std::string_view{name}) == names.end())
            fail(name, "is no field of the Container Device Interface");
}

const Json *Fields::find(const char *name) const
{
    const auto found = value_.find(name);
    return found == value_.end() || found->is_null() ? nullptr : &*found;
}

const Json *Fields::find_list(const char *name) const
{
    const auto *list = find(name);
    if (list != nullptr && !list->is_array())
        fail(name, "is not a list");
    return list;
}

bool Fields::has(const char *name) const
{
    return find(name) != nullptr;
}

std::string Fields::text_of(const Json &value, std::string_view name) const
{
    if (value.is_number_integer() || value.is_boolean())
        return value.dump();
    if (!value.is_string())
        fail(name, "is not text");
    auto text = value.get<std::string>();
    if (text.find('\0') != std::string::npos)
        fail(name, "contains a zero byte");
    return text;
}

std::string Fields::text(const char *name) const
{
    const auto *value = find(name);
    return value == nullptr ? std::string{} : text_of(*value, name);
}

std::string Fields::path(const char *name) const
{
    auto text = this->text(name);
    if (!text.starts_with('/'))
        fail(name, "is not an absolute path");
    return text;
}

std::optional<std::int64_t> Fields::number(const char *name) const
{
    const auto *value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->is_number_integer())
        fail(name, "is not a whole number");
    return value->get<std::int64_t>();
}

std::vector<std::string> Fields::texts(const char *name) const
{
    std::vector<std::string> out;
    if (const auto *list = find_list(name))
        for (const auto &value : *list)
            out.push_back(text_of(value, name));
    return out;
}

std::vector<std::int64_t> Fields::numbers(const char *name) const
{
    std::vector<std::int64_t> out;
    if (const auto *list = find_list(name))
        for (const auto &value : *list) {
            if (!value.is_number_integer())
                fail(name, "has what is no whole number");
            out.push_back(value.get<std::int64_t>());
        }
    return out;
}

std::map<std::string, std::string> Fields::text_map(const char *name) const
{
    std::map<std::string, std::string> out;
    if (!has(name))
        return out;
    const auto fields = object(name);
    for (const auto &[key, value] : fields.value_.items())
        out.emplace(key, fields.text_of(value, key));
    return out;
}

std::vector<Fields> Fields::objects(const char *name) const
{
    std::vector<Fields> out;
    if (const auto *list = find_list(name))
        for (const auto &value : *list)
            out.emplace_back(value,
                             fmt::format("{}{}{}[{}]", path_, path_.empty() ? "" : ".", name, out.size()));
    return out;
}

Fields Fields::object(const char *name) const
{
    const auto *value = find(name);
    if (value == nullptr)
        fail(name, "is missing");
    return Fields{*value, fmt::format("{}{}{}", path_, path_.empty() ? "" : ".", name)};
}

} // namespace mica::exec::cdi
