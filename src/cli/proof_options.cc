#include "cli/proof_options.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/values.hh"
#include <fmt/format.h>

namespace mica::cli {

namespace {

verify::ProvenanceMode parse_mode(const std::string &value)
{
    if (value == "min")
        return verify::ProvenanceMode::min;
    if (value == "max")
        return verify::ProvenanceMode::max;
    throw Error{ErrorKind::usage, fmt::format("\"{}\" is no extent of a provenance: min, max", value)};
}

void add_sboms(std::set<SbomForm> &into, const std::string &value)
{
    for (const auto part : split(value, ',')) {
        if (part == "spdx")
            into.insert(SbomForm::spdx);
        else if (part == "cyclonedx")
            into.insert(SbomForm::cyclonedx);
        else
            throw Error{ErrorKind::usage, fmt::format("\"{}\" is no form of an SBOM: spdx, cyclonedx", part)};
    }
}

} // namespace

std::vector<OptionSpec> proof_option_specs(ProofOptions &into)
{
    return {
        {"--reproducible", "",
         "Make the same bytes from the same input: times are those of SOURCE_DATE_EPOCH (default: 0), which "
         "RUN "
         "sees too, and what is known to vary is told.",
         false, [&into](const std::string &value) { into.reproducible = parse_switch(value); }},
        {"--timestamp", "SECONDS",
         "Give this one time, in seconds since 1970, to the image, its history and every file of its new "
         "layers.",
         false, [&into](const std::string &value) { into.timestamp = parse_source_date_epoch(value); }},
        {"--fixup", "logs,caches,machine-id,pyc,ar,gzip,zip|all",
         "Leave out or make the same what RUNs make that varies and that nobody misses.", true,
         [&into](const std::string &value) { into.fixups.merge(exec::parse_fixups(value)); }},
        {"--lock", "FILE",
         "Take images, files and repositories as this file (of \"mica lock\") has them; refuse others.",
         false, [&into](const std::string &value) { into.lock = value; }},
        {"--provenance", "min|max",
         "Attach where the image comes from (SLSA v1). max has the Dockerfile's text and the values of build "
         "arguments and labels, from which \"mica verify\" can rebuild it.",
         false, [&into](const std::string &value) { into.provenance = parse_mode(value); }},
        {"--sbom", "spdx|cyclonedx", "Attach a bill of the software that the image has.", true,
         [&into](const std::string &value) { add_sboms(into.sboms, value); }},
        {"--attestation-dir", "DIR",
         "Write provenance and bills of software to files in this directory, too.", false,
         [&into](const std::string &value) { into.attestation_directory = value; }},
    };
}

std::optional<std::string> epoch_text(const ProofOptions &options, const std::optional<std::string> &given)
{
    if (options.timestamp)
        return std::to_string(
            std::chrono::floor<std::chrono::seconds>(*options.timestamp).time_since_epoch().count());
    if (given && !given->empty())
        return given;
    return options.reproducible ? std::optional<std::string>{"0"} : std::nullopt;
}

bool names_epoch(const std::string &text)
{
    return !text.empty() &&
           ((text.front() >= 'a' && text.front() <= 'z') || (text.front() >= 'A' && text.front() <= 'Z'));
}

} // namespace mica::cli
