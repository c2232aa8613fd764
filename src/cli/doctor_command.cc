#include "cli/doctor_command.hh"

#include "base/error.hh"
#include "cli/state_directory.hh"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::cli {
namespace {

const sandbox::Examined *chosen(std::span<const sandbox::Examined> backends)
{
    const auto found = std::ranges::find_if(backends, &sandbox::Examined::works);
    return found == backends.end() ? nullptr : &*found;
}

} // namespace

CommandSpec doctor_command_spec(DoctorOptions &into)
{
    CommandSpec spec;
    spec.name = "doctor";
    spec.summary = "Tell which isolation of RUN this machine allows.";
    spec.description =
        "Tries every way to isolate the commands of RUN by really doing it, and tells which work, why the "
        "others do not, and what would allow them. The first that works is what a build takes.\n\n"
        "The exit status is 1 if none works: then only Dockerfiles without RUN can be built.";
    spec.options = {{"--state", "DIR",
                     "The state directory that a build would have: not every file system can do everything.",
                     false, [&into](const std::string &value) { into.state = value; }},
                    {"--format", "text|json", "How the answer is written (default: text).", false,
                     [&into](const std::string &value) {
                         if (value != "text" && value != "json")
                             throw Error{ErrorKind::usage,
                                         fmt::format("there is no format \"{}\": text, json", value)};
                         into.json = value == "json";
                     }}};
    return spec;
}

std::string doctor_text(std::span<const sandbox::Examined> backends)
{
    std::string text;
    for (const auto &one : backends) {
        text += fmt::format("{:<10}{}{}\n", one.name, one.works ? "works" : "does not work",
                            one.why.empty() ? "" : ": " + one.why);
        if (one.hint)
            text += fmt::format("{:<10}to allow it: {}\n", "", *one.hint);
    }
    const auto *first = chosen(backends);
    text += first != nullptr ? fmt::format("\nA build on this machine takes {}.\n", first->name)
                             : "\nOnly Dockerfiles without RUN can be built on this machine.\n";
    return text;
}

std::string doctor_json(std::span<const sandbox::Examined> backends)
{
    const auto *first = chosen(backends);
    auto document = nlohmann::ordered_json::object();
    document["chosen"] =
        first != nullptr ? nlohmann::ordered_json(first->name) : nlohmann::ordered_json(nullptr);
    document["backends"] = nlohmann::ordered_json::array();
    for (const auto &one : backends) {
        nlohmann::ordered_json entry{{"name", one.name}, {"works", one.works}, {"why", one.why}};
        if (one.hint)
            entry["hint"] = *one.hint;
        document["backends"].push_back(std::move(entry));
    }
    return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

DoctorReport examine(const DoctorOptions &options, const Environment &environment)
{
    const StateDirectory state{StateDirectory::choose(options.state, environment)};
    const auto backends = sandbox::examine_backends({"auto", state.root()});
    return {options.json ? doctor_json(backends) : doctor_text(backends), chosen(backends) != nullptr};
}

} // namespace mica::cli
