#include "plan/base_images.hh"
#include "oci/reference.hh"
#include "plan/checks/from.hh"
#include "plan/suggestion.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// As --build-context names are compared: "alpine" for docker.io/library/alpine:latest.
std::string context_name(const std::string &image)
{
    constexpr std::string_view latest = ":latest";
    auto name = oci::Reference::parse(image).familiar();
    if (name.ends_with(latest))
        name.resize(name.size() - latest.size());
    return name;
}

/// What a misspelt name may have meant.
void suggest(Error &error, const std::string &name, const std::vector<std::string> &stages)
{
    auto candidates = stages;
    for (const auto *image : {"alpine", "busybox", "centos", "debian", "fedora", "golang", "ubuntu"})
        candidates.emplace_back(image);
    if (const auto match = closest(name, candidates); !match.empty())
        error.set_hint(fmt::format("did you mean {}?", match));
}

bool same_machine(const oci::Platform &platform, const oci::ImageConfig &config)
{
    return platform.os == config.platform.os && platform.architecture == config.platform.architecture;
}

} // namespace

oci::ImageConfig empty_image(const oci::Platform &platform)
{
    oci::ImageConfig config;
    config.platform = platform;
    config.config.working_dir = "/";
    if (const auto path = default_path(platform.os); !path.empty())
        config.config.env.push_back("PATH=" + path);
    return config;
}

std::string default_path(const std::string &os)
{
    return os == "windows" ? "" : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

Base BaseImages::resolve(const std::string &name, const std::optional<oci::Platform> &platform,
                         const SourceSpan &where, const std::vector<std::string> &names)
{
    if (name == "scratch")
        return {Scratch{}, empty_image(options_.platform), options_.platform};
    const auto asked = platform.value_or(options_.platform);
    const auto context = context_name(name);
    switch (resolver_.named_context(context)) {
    case Resolver::NamedContext::directory:
        return {ContextInput{context}, empty_image(asked), asked};
    case Resolver::NamedContext::image: {
        const auto number = number_of(context, asked, where);
        return {ImageInput{number}, images_[number].config, asked};
    }
    case Resolver::NamedContext::none:
        break;
    }
    try {
        const auto number = number_of(name, asked, where);
        const auto &config = images_[number].config;
        const auto effective = effective_platform(platform, config);
        // An image without layers runs anywhere.
        if (!config.diff_ids.empty())
            check_image_platform(name, effective, config.platform, where, reporter_);
        return {ImageInput{number}, config, effective};
    } catch (Error &error) {
        if (error.kind() == ErrorKind::not_found || error.kind() == ErrorKind::denied)
            suggest(error, name, names);
        throw;
    }
}

Base BaseImages::replacement(const std::string &stage_name, Resolver::NamedContext kind,
                             const std::optional<oci::Platform> &platform, const SourceSpan &where)
{
    const auto asked = platform.value_or(options_.platform);
    if (kind == Resolver::NamedContext::directory)
        return {ContextInput{stage_name}, empty_image(asked), asked};
    const auto number = number_of(stage_name, asked, where);
    const auto &config = images_[number].config;
    const bool says = !config.platform.os.empty() && !config.platform.architecture.empty();
    return {ImageInput{number}, config, says ? config.platform : asked};
}

std::uint32_t BaseImages::number_of(const std::string &name, const oci::Platform &platform,
                                    const SourceSpan &where)
{
    const auto key = std::pair{name, platform};
    if (const auto found = known_.find(key); found != known_.end())
        return found->second;
    auto image = at_span(where, [&] { return resolver_.image(name, platform, where); });
    image.config.created.reset();
    images_.push_back(std::move(image));
    const auto number = static_cast<std::uint32_t>(images_.size() - 1);
    known_.emplace(key, number);
    return number;
}

/// Where nobody asked for a platform, an image made for the machine that builds may
/// decide; any other keeps the default, and a check tells that it does not fit.
oci::Platform BaseImages::effective_platform(const std::optional<oci::Platform> &asked,
                                             const oci::ImageConfig &config) const
{
    if (!asked && options_.platform_is_default && !same_machine(options_.platform, config) &&
        same_machine(options_.build_platform, config))
        return options_.build_platform;
    return asked.value_or(options_.platform);
}

} // namespace mica::plan
