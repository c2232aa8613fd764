#include "cli/kaniko/flag_makers.hh"

#include "cli/values.hh"
#include <iterator>
#include <utility>

namespace mica::cli::kaniko {

namespace {

Flag row(char short_name, std::string name, std::string value_name, std::string help)
{
    Flag flag;
    flag.short_name = short_name;
    flag.name = std::move(name);
    flag.value_name = std::move(value_name);
    flag.help = std::move(help);
    return flag;
}

} // namespace

Flag text(char short_name, std::string name, std::string value_name, std::string help, std::string &into)
{
    auto flag = row(short_name, std::move(name), std::move(value_name), std::move(help));
    flag.apply = [&into](const std::string &given) { into = given; };
    return flag;
}

Flag text(char short_name, std::string name, std::string value_name, std::string help,
          std::optional<std::string> &into)
{
    auto flag = row(short_name, std::move(name), std::move(value_name), std::move(help));
    flag.apply = [&into](const std::string &given) { into = given; };
    return flag;
}

Flag list(char short_name, std::string name, std::string value_name, std::string help,
          std::vector<std::string> &into)
{
    auto flag = row(short_name, std::move(name), std::move(value_name), std::move(help));
    flag.apply = [&into](const std::string &given) { into.push_back(given); };
    flag.repeatable = true;
    return flag;
}

Flag value(std::string name, std::string value_name, std::string help,
           std::function<void(const std::string &)> apply)
{
    auto flag = row(0, std::move(name), std::move(value_name), std::move(help));
    flag.apply = std::move(apply);
    return flag;
}

Flag truth(std::string name, std::string help, bool &into)
{
    auto flag = row(0, std::move(name), "", std::move(help));
    flag.default_text = into ? "true" : "false";
    flag.apply = [&into](const std::string &given) { into = parse_truth(given); };
    return flag;
}

Flag idle_switch(std::string name, std::string default_text, std::string reason)
{
    auto flag = row(0, std::move(name), "", std::move(reason));
    flag.default_text = std::move(default_text);
    flag.effect = Effect::nothing;
    flag.apply = [](const std::string &given) { (void)parse_truth(given); };
    return flag;
}

Flag idle_value(std::string name, std::string value_name, std::string default_text, std::string reason,
                std::function<void(const std::string &)> check)
{
    auto flag = row(0, std::move(name), std::move(value_name), std::move(reason));
    flag.default_text = std::move(default_text);
    flag.effect = Effect::nothing;
    flag.apply = [check = std::move(check)](const std::string &given) {
        if (check)
            check(given);
    };
    return flag;
}

Flag build_arg_flag(std::map<std::string, std::string> &into, const Environment &environment)
{
    return repeated(value("build-arg", "NAME[=VALUE]",
                          "Sets an ARG. A name alone takes its value from the environment.",
                          [&into, &environment](const std::string &given) {
                              auto [name, text] = parse_name_value(given);
                              const auto found = environment.variables.find(name);
                              if (!text)
                                  text = found == environment.variables.end() ? std::string{} : found->second;
                              into.insert_or_assign(std::move(name), std::move(*text));
                          }));
}

Flag with_default(Flag flag, std::string text)
{
    flag.default_text = std::move(text);
    return flag;
}

Flag with_alias(Flag flag, std::string name)
{
    flag.aliases.push_back(std::move(name));
    return flag;
}

Flag with_variable(Flag flag, std::string name)
{
    flag.variable = std::move(name);
    return flag;
}

Flag repeated(Flag flag)
{
    flag.repeatable = true;
    return flag;
}

std::vector<Flag> joined(std::vector<std::vector<Flag>> groups)
{
    std::vector<Flag> all;
    for (auto &group : groups)
        all.insert(all.end(), std::make_move_iterator(group.begin()), std::make_move_iterator(group.end()));
    return all;
}

} // namespace mica::cli::kaniko
