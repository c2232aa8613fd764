#pragma once
/// @file
/// The environment variables that logins are looked for in, as a value.
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace mica::auth {

class Variables {
public:
    Variables() = default;
    explicit Variables(std::map<std::string, std::string> values) : values_{std::move(values)} {}
    /// Those of this process, now.
    [[nodiscard]] static Variables of_process();

    /// An empty variable counts as unset.
    [[nodiscard]] std::optional<std::string> get(const std::string &name) const;
    /// The first of them that is set.
    [[nodiscard]] std::optional<std::string> first_of(std::initializer_list<const char *> names) const;
    /// "true", "1", "yes", in any case.
    [[nodiscard]] bool is_on(const std::string &name) const;
    /// `tail` below HOME; nullopt without a HOME.
    [[nodiscard]] std::optional<std::filesystem::path> in_home(const std::string &tail) const;

private:
    std::map<std::string, std::string> values_;
};

} // namespace mica::auth
