#include "cli/kaniko/flag.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::cli::kaniko {

namespace {

/// Which arguments belong to which flag, before any of them is applied.
class Reader {
public:
    explicit Reader(const Program &program) : program_{program}, values_(program.flags.size()) {}

    void read(const std::vector<std::string> &arguments)
    {
        for (std::size_t i = 0; i < arguments.size() && !help_; ++i) {
            const std::string_view argument = arguments[i];
            const auto next = i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
            if (argument == "--") {
                operands_.insert(operands_.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                 arguments.end());
                return;
            }
            if (argument == "--help" || argument == "-h")
                help_ = true;
            else if (argument.starts_with("--"))
                i += long_flag(argument.substr(2), next);
            else if (argument.size() > 1 && argument.front() == '-')
                i += short_flags(argument.substr(1), next);
            else
                operands_.emplace_back(argument);
        }
    }

    [[nodiscard]] bool help() const { return help_; }
    [[nodiscard]] const std::vector<std::string> &values(std::size_t flag) const { return values_[flag]; }
    [[nodiscard]] const std::vector<std::string> &operands() const { return operands_; }

private:
    /// Both return how many further arguments were used up.
    std::size_t long_flag(std::string_view text, const std::string *next)
    {
        const auto equals = text.find('=');
        const auto name = text.substr(0, equals);
        const auto flag = find_long(name);
        if (equals != std::string_view::npos)
            return give(flag, std::string{text.substr(equals + 1)}, 0);
        if (program_.flags[flag].value_name.empty())
            return give(flag, "true", 0);
        return give(flag, needed(next, fmt::format("--{}", name)), 1);
    }

    std::size_t short_flags(std::string_view letters, const std::string *next)
    {
        for (std::size_t i = 0; i < letters.size(); ++i) {
            const auto flag = find_short(letters[i]);
            const auto rest = letters.substr(i + 1);
            if (rest.starts_with('='))
                return give(flag, std::string{rest.substr(1)}, 0);
            if (program_.flags[flag].value_name.empty())
                give(flag, "true", 0);
            else if (!rest.empty())
                return give(flag, std::string{rest}, 0);
            else
                return give(flag, needed(next, fmt::format("-{}", letters[i])), 1);
        }
        return 0;
    }

    std::size_t give(std::size_t flag, std::string value, std::size_t used)
    {
        values_[flag].push_back(std::move(value));
        return used;
    }

    static std::string needed(const std::string *next, const std::string &flag)
    {
        if (next == nullptr)
            throw Error{ErrorKind::usage, fmt::format("{} needs a value", flag)};
        return *next;
    }

    [[nodiscard]] std::size_t find_long(std::string_view name) const
    {
        const auto has_name = [&](const Flag &flag) {
            return flag.name == name ||
                   std::find(flag.aliases.begin(), flag.aliases.end(), name) != flag.aliases.end();
        };
        const auto found = std::find_if(program_.flags.begin(), program_.flags.end(), has_name);
        if (found == program_.flags.end())
            throw unknown(fmt::format("--{}", name), name);
        return static_cast<std::size_t>(found - program_.flags.begin());
    }

    [[nodiscard]] std::size_t find_short(char letter) const
    {
        const auto found = std::find_if(program_.flags.begin(), program_.flags.end(),
                                        [&](const Flag &flag) { return flag.short_name == letter; });
        if (found == program_.flags.end())
            throw unknown(fmt::format("-{}", letter), {});
        return static_cast<std::size_t>(found - program_.flags.begin());
    }

    [[nodiscard]] Error unknown(const std::string &shown, std::string_view name) const
    {
        Error error{ErrorKind::usage, fmt::format("{} has no flag {}", program_.name, shown)};
        std::vector<std::string> known;
        for (const auto &flag : program_.flags)
            known.push_back(flag.name);
        if (const auto near = nearest(name, known))
            error.set_hint(fmt::format("did you mean --{}?", *near));
        else
            error.set_hint(fmt::format("\"{} --help\" lists the flags", program_.name));
        return error;
    }

    const Program &program_;
    std::vector<std::vector<std::string>> values_; ///< as program_.flags
    std::vector<std::string> operands_;
    bool help_ = false;
};

void apply_values(const Flag &flag, const std::vector<std::string> &values, std::string_view origin)
{
    const auto give = [&](const std::string &value) {
        in_context([&] { return fmt::format("reading {}", origin); }, [&] { flag.apply(value); });
    };
    if (flag.repeatable)
        std::for_each(values.begin(), values.end(), give);
    else
        give(values.back());
}

void apply_operands(const Program &program, const std::vector<std::string> &given)
{
    const auto &wanted = program.operands;
    if (given.size() < wanted.size())
        throw Error{ErrorKind::usage, fmt::format("{} needs {}", program.name, wanted[given.size()].name)};
    if (given.size() > wanted.size())
        throw Error{ErrorKind::usage, fmt::format("{} does not know what to do with \"{}\"", program.name,
                                                  given[wanted.size()])}
            .with_hint("the value of a switch stands behind \"=\": --flag=false");
    for (std::size_t i = 0; i < wanted.size(); ++i)
        wanted[i].apply(given[i]);
}

} // namespace

Parsed parse(const Program &program, const std::vector<std::string> &arguments,
             const Environment &environment)
{
    Reader reader{program};
    reader.read(arguments);
    if (reader.help())
        return Parsed::help_wanted;
    for (std::size_t i = 0; i < program.flags.size(); ++i) {
        const auto &flag = program.flags[i];
        if (const auto &values = reader.values(i); !values.empty())
            apply_values(flag, values, "--" + flag.name);
        else if (const auto value = flag.variable.empty() ? std::nullopt : environment.get(flag.variable))
            apply_values(flag, {*value}, "the variable " + flag.variable);
    }
    apply_operands(program, reader.operands());
    return Parsed::run;
}

bool parse_truth(std::string_view text)
{
    constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "true", "TRUE", "True"};
    constexpr std::array<std::string_view, 6> no{"0", "f", "F", "false", "FALSE", "False"};
    if (std::find(yes.begin(), yes.end(), text) != yes.end())
        return true;
    if (std::find(no.begin(), no.end(), text) == no.end())
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is neither true nor false", text)};
    return false;
}

} // namespace mica::cli::kaniko
