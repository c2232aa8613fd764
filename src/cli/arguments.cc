#include "cli/arguments.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace mica::cli {

namespace {

/// "--file" out of "-f,--file".
std::string long_name(const OptionSpec &option)
{
    const auto names = split(option.names, ',');
    return std::string{names.back()};
}

std::string with_value(const OptionSpec &option)
{
    return option.value_name.empty() ? long_name(option) : long_name(option) + " " + option.value_name;
}

Error unknown_option(const CommandSpec &command, std::string_view argument)
{
    const auto name = argument.substr(0, argument.find('='));
    std::vector<std::string> known{"--help"};
    for (const auto &option : command.options)
        known.push_back(long_name(option));
    Error error{ErrorKind::usage, fmt::format("mica {} has no option {}", command.name, name)};
    if (const auto near = nearest(name, known))
        error.set_hint(fmt::format("did you mean {}?", *near));
    else
        error.set_hint(fmt::format("\"mica help {}\" lists the options", command.name));
    return error;
}

Error wrong_operands(const CommandSpec &command, const std::string &message)
{
    return Error{ErrorKind::usage, message}.with_hint(
        fmt::format("\"mica help {}\" shows how it is called", command.name));
}

/// CLI11's parser over one command's table.
class Parser {
public:
    explicit Parser(const CommandSpec &command) : command_{command}
    {
        app_.allow_extras();
        app_.set_help_flag();
        help_ = app_.add_flag("-h,--help");
        for (const auto &option : command.options)
            options_.push_back(add(option));
        app_.add_option("OPERANDS", operands_)->allow_extra_args();
    }

    ParseOutcome parse(std::vector<std::string> arguments)
    {
        split_empty_values(arguments);
        std::reverse(arguments.begin(), arguments.end()); // CLI11 takes them from the back
        try {
            app_.parse(arguments);
        } catch (const CLI::ParseError &error) {
            throw wrong_operands(command_, error.what());
        }
        for (const auto &rest : app_.remaining()) {
            if (rest.size() > 1 && rest.starts_with('-'))
                throw unknown_option(command_, rest);
        }
        if (help_->count() > 0)
            return ParseOutcome::help_wanted;
        for (std::size_t i = 0; i < options_.size(); ++i)
            apply(command_.options[i], *options_[i]);
        apply_operands();
        return ParseOutcome::run;
    }

private:
    CLI::Option *add(const OptionSpec &option)
    {
        if (option.value_name.empty())
            return app_.add_flag(option.names)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        // A value is a text: no conversion, no second value, no list syntax.
        return app_.add_option(option.names)
            ->type_size(1)
            ->expected(1)
            ->allow_extra_args(false)
            ->type_name(option.value_name)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }

    /// "--target=" says that the value is empty; CLI11 would take the next argument for it.
    void split_empty_values(std::vector<std::string> &arguments) const
    {
        for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
            const auto names_it = [&](const OptionSpec &option) {
                return !option.value_name.empty() && long_name(option) + "=" == arguments[i];
            };
            if (std::none_of(command_.options.begin(), command_.options.end(), names_it))
                continue;
            arguments[i].pop_back();
            arguments.emplace(arguments.begin() + static_cast<std::ptrdiff_t>(++i));
        }
    }

    static void apply(const OptionSpec &option, const CLI::Option &parsed)
    {
        if (parsed.count() == 0)
            return;
        const auto values = parsed.results();
        const auto give = [&](const std::string &value) {
            in_context([&] { return "reading " + with_value(option); }, [&] { option.apply(value); });
        };
        if (option.repeatable)
            std::for_each(values.begin(), values.end(), give);
        else
            give(values.back());
    }

    void apply_operands()
    {
        const auto &wanted = command_.operands;
        if (!wanted.empty() && wanted.back().is_list)
            return apply_list();
        if (operands_.size() < wanted.size())
            throw wrong_operands(
                command_, fmt::format("mica {} needs {}", command_.name, wanted[operands_.size()].name));
        const bool open_ended = !wanted.empty() && wanted.back().repeatable;
        if (operands_.size() > wanted.size() && !open_ended)
            throw wrong_operands(command_, fmt::format("mica {} does not know what to do with \"{}\"",
                                                       command_.name, operands_[wanted.size()]));
        for (std::size_t i = 0; i < operands_.size(); ++i)
            wanted[std::min(i, wanted.size() - 1)].apply(operands_[i]);
    }

    /// One list, and nothing before it: no command has more.
    void apply_list()
    {
        for (const auto &operand : operands_)
            command_.operands.back().apply(operand);
    }

    const CommandSpec &command_;
    CLI::App app_;
    CLI::Option *help_ = nullptr;
    std::vector<CLI::Option *> options_; ///< as command_.options
    std::vector<std::string> operands_;
};

} // namespace

ParseOutcome parse_arguments(const CommandSpec &command, const std::vector<std::string> &arguments)
{
    return Parser{command}.parse(arguments);
}

} // namespace mica::cli
