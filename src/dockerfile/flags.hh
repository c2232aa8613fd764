#pragma once
/// @file
/// The flags of one instruction: --name, --name=value.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

enum class FlagKind { boolean, text, texts };

/// Flags that were checked against those an instruction knows.
class Flags {
public:
    using Known = std::map<std::string, FlagKind, std::less<>>;

    /// Throws Error (dockerfile) for a flag that is unknown, given twice (unless it
    /// is of kind `texts`), or without a fitting value.
    [[nodiscard]] static Flags parse(const std::vector<std::string> &flags, const Known &known);

    /// The value of a flag of kind `text`, if given.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    /// The value of a flag of kind `boolean`, if given.
    [[nodiscard]] std::optional<bool> boolean(std::string_view name) const;
    /// The values of a flag of kind `texts`, in order.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

} // namespace mica::dockerfile
