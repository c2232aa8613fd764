#pragma once
/// @file
/// Inside devices/ only: the fields of one object, asked for by type, with errors that say where they stand.
#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec::cdi {

using Json = nlohmann::json;

/// `value` outlives it. A null counts as absent. All throw Error (usage) for a value of another type.
class Fields {
public:
    Fields(const Json &value, std::string path);

    /// Throws for a field that is not among them.
    void allow(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] bool has(const char *name) const;
    /// Empty if there is none. What YAML reads as a number or a truth value is taken by its digits or word.
    [[nodiscard]] std::string text(const char *name) const;
    /// Must be there, and be absolute.
    [[nodiscard]] std::string path(const char *name) const;
    [[nodiscard]] std::optional<std::int64_t> number(const char *name) const;
    [[nodiscard]] std::vector<std::string> texts(const char *name) const;
    [[nodiscard]] std::vector<std::int64_t> numbers(const char *name) const;
    [[nodiscard]] std::map<std::string, std::string> text_map(const char *name) const;
    [[nodiscard]] std::vector<Fields> objects(const char *name) const;
    /// Must be there.
    [[nodiscard]] Fields object(const char *name) const;

    [[noreturn]] void fail(std::string_view name, std::string_view why) const;

private:
    [[nodiscard]] const Json *find(const char *name) const;
    [[nodiscard]] const Json *find_list(const char *name) const;
    [[nodiscard]] std::string text_of(const Json &value, std::string_view name) const;

    const Json &value_;
    std::string path_;
};

} // namespace mica::exec::cdi
