#include "dockerfile/keywords.hh"

#include "base/text.hh"
#include <array>
#include <utility>
#include <vector>

namespace mica::dockerfile {

namespace {

using Form = ArgumentForm;

constexpr std::array<std::pair<std::string_view, Form>, 18> forms{{
    {"add", Form::json_words},
    {"arg", Form::quoted_words},
    {"cmd", Form::json_text},
    {"copy", Form::json_words},
    {"entrypoint", Form::json_text},
    {"env", Form::assignments},
    {"expose", Form::words},
    {"from", Form::words},
    {"healthcheck", Form::health},
    {"label", Form::assignments},
    {"maintainer", Form::text},
    {"onbuild", Form::nested},
    {"run", Form::json_text},
    {"shell", Form::json_text},
    {"stopsignal", Form::text},
    {"user", Form::text},
    {"volume", Form::json_words},
    {"workdir", Form::text},
}};

std::vector<std::string> upper_case_names()
{
    std::vector<std::string> out;
    for (const auto &[name, form] : forms)
        out.push_back(to_upper(name));
    return out;
}

} // namespace

std::optional<ArgumentForm> argument_form(std::string_view keyword)
{
    for (const auto &[name, form] : forms)
        if (name == keyword)
            return form;
    return std::nullopt;
}

std::span<const std::string> instruction_names()
{
    static const auto names = upper_case_names();
    return names;
}

bool takes_heredocs(std::string_view keyword)
{
    return keyword == "run" || keyword == "copy" || keyword == "add";
}

} // namespace mica::dockerfile
