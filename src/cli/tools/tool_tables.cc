#include "cli/tools/tools.hh"

#include "cli/values.hh"

namespace mica::cli {

namespace {

constexpr const char *place_help =
    "A place is the name of an image in a registry, oci-layout://PATH[:TAG] or docker-archive://PATH.";

OperandSpec operand(ToolOptions &into, std::string name, std::string help, bool repeatable = false)
{
    return {std::move(name), std::move(help),
            [&into](const std::string &value) { into.operands.push_back(value); }, repeatable};
}

OptionSpec flag(std::string names, std::string help, bool &into)
{
    return {std::move(names), "", std::move(help), false,
            [&into](const std::string &value) { into = parse_switch(value); }};
}

std::vector<OptionSpec> way_options(ToolOptions &into)
{
    return {
        {"--progress", "auto|plain|tty|json|quiet", "How the work is shown on standard error.", false,
         [&into](const std::string &value) { into.progress = parse_progress(value); }},
        flag("-D,--debug", "Show more.", into.debug),
        insecure_option(into.registries),
    };
}

OptionSpec platform_option(ToolOptions &into, std::string help)
{
    return {"--platform", "OS/ARCH[/VARIANT]", std::move(help), false,
            [&into](const std::string &value) { into.platform = oci::parse_platform(value); }};
}

void add(std::vector<OptionSpec> &to, std::vector<OptionSpec> more)
{
    for (auto &option : more)
        to.push_back(std::move(option));
}

CommandSpec command(std::string name, std::string summary, std::string description,
                    std::vector<OptionSpec> options, std::vector<OperandSpec> operands)
{
    return {std::move(name), std::move(summary), std::move(description), std::move(options),
            std::move(operands)};
}

std::vector<OptionSpec> pushing(ToolOptions &into, std::vector<OptionSpec> first = {})
{
    add(first, push_options(into.registries));
    add(first, connection_options(into.registries));
    add(first, way_options(into));
    return first;
}

std::vector<OptionSpec> pulling(ToolOptions &into, std::vector<OptionSpec> first = {})
{
    add(first, connection_options(into.registries));
    add(first, way_options(into));
    return first;
}

} // namespace

std::vector<CommandSpec> tool_commands(ToolOptions &into)
{
    std::vector<CommandSpec> all;
    all.push_back(command(
        "push", "Push an image out of an OCI layout or an archive to registries.",
        "Pushes an image of an OCI layout (a directory, or PATH:TAG for one of several), or of a file that "
        "\"docker save\" or a build made, with all its platforms, to every name. Blobs that a repository has "
        "are not sent, those that another repository of the same registry has are mounted.",
        pushing(into, {platform_option(into, "Push the image of this platform alone.")}),
        {operand(into, "LAYOUT[:TAG]|ARCHIVE", "The OCI layout, or the file."),
         operand(into, "NAME[:TAG]", "Where to push the image.", true)}));
    all.push_back(command(
        "pull", "Pull an image into the state directory.",
        "Pulls an image for this machine's platform, so that FROM finds it by its name without a registry.",
        pulling(into,
                {platform_option(into, "Pull the image of this platform instead."),
                 {"--state", "DIR", "The state directory (default: see the environment variable MICA_STATE).",
                  false, [&into](const std::string &value) { into.state = value; }}}),
        {operand(into, "NAME[:TAG]", "The image.")}));
    all.push_back(
        command("copy", "Copy an image, with all its platforms, from one place to another.",
                std::string{"Copies manifests and blobs as they are, so digests stay. "} + place_help,
                pushing(into, {platform_option(into, "Copy the image of this platform alone.")}),
                {operand(into, "FROM", "The image."), operand(into, "TO", "Where it goes.")}));
    all.push_back(command(
        "inspect", "Show what an image is.",
        std::string{
            "Writes a JSON object to standard output: digest and platforms of an index, digest, "
            "layers and configuration of an image, and what is attached to them: provenance, bills of "
            "software, signatures. "} +
            place_help,
        pulling(into,
                {platform_option(into, "Show the image of this platform out of an index."),
                 flag("--attestations", "Write what the attached documents say, too.", into.attestations),
                 flag("--raw", "Write the bytes of the manifest.", into.raw),
                 flag("--config", "Write the bytes of the image's configuration.", into.config)}),
        {operand(into, "PLACE", "The image.")}));
    all.push_back(
        command("tag", "Give an image in a registry more names.",
                "Puts the same manifest under other tags, or into other repositories of the same registry.",
                pushing(into),
                {operand(into, "NAME[:TAG]", "The image."),
                 operand(into, "NEW[:TAG]", "What it is to be called, too.", true)}));
    all.push_back(command(
        "index create", "Join images of single platforms to one name.",
        "Makes an index out of images, each by its own platform, and puts it under a name. What is not "
        "there yet is copied.",
        pushing(into),
        {operand(into, "NAME[:TAG]", "The name of the index."),
         operand(into, "PLACE", "An image of one platform, or an index whose images are taken.", true)}));
    all.push_back(command(
        "login", "Remember the login of a registry.",
        "Asks for the password (or reads it from standard input), checks it, and keeps the login in docker's "
        "config.json, or in the credential helper that it names.",
        pulling(into, {{"-u,--user", "NAME", "The user.", false,
                        [&into](const std::string &value) { into.user = value; }},
                       flag("--password-stdin", "Read the password from standard input.",
                            into.password_from_stdin)}),
        {operand(into, "REGISTRY", "The registry, such as registry.example.com or docker.io.")}));
    all.push_back(
        command("logout", "Forget the login of a registry.",
                "Removes the login from docker's config.json, and from the credential helper that it names.",
                way_options(into), {operand(into, "REGISTRY", "The registry.")}));
    return all;
}

} // namespace mica::cli
