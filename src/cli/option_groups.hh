#pragma once
/// @file
/// Commands that take some of another command's options.
#include "cli/option.hh"
#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace mica::cli {

/// Those whose long name is among `names`, in the order of the command.
[[nodiscard]] inline std::vector<OptionSpec> options_named(CommandSpec command,
                                                           std::initializer_list<std::string_view> names)
{
    std::erase_if(command.options, [&](const OptionSpec &option) {
        return std::none_of(names.begin(), names.end(), [&](std::string_view name) {
            return option.names == name || option.names.ends_with(std::string{","}.append(name));
        });
    });
    return std::move(command.options);
}

} // namespace mica::cli
