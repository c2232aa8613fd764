#pragma once
/// @file
/// What FROM and --from name outside the Dockerfile, resolved once each.
#include "plan/checks/reporter.hh"
#include "plan/planner.hh"
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mica::plan {

/// Something to start a stage from or to copy from.
struct Base {
    Input input;
    oci::ImageConfig config;
    oci::Platform platform; ///< of a stage that starts from it
};

/// The config of an image with nothing in it.
[[nodiscard]] oci::ImageConfig empty_image(const oci::Platform &platform);
/// The PATH that a stage has if its image says none; empty where the OS has its own.
[[nodiscard]] std::string default_path(const std::string &os);

class BaseImages {
public:
    BaseImages(Resolver &resolver, const PlanOptions &options, Reporter reporter)
        : resolver_{resolver}, options_{options}, reporter_{std::move(reporter)}
    {
    }
    /// An image, a named context or "scratch". `platform`: what FROM asks for. `names`: of
    /// the stages, for a hint when there is no such image.
    [[nodiscard]] Base resolve(const std::string &name, const std::optional<oci::Platform> &platform,
                               const SourceSpan &where, const std::vector<std::string> &names);
    /// A named context in place of a stage.
    [[nodiscard]] Base replacement(const std::string &stage_name, Resolver::NamedContext kind,
                                   const std::optional<oci::Platform> &platform, const SourceSpan &where);
    /// All images so far, in the order of their ImageInput numbers.
    [[nodiscard]] std::vector<BaseImage> take() { return std::move(images_); }

private:
    std::uint32_t number_of(const std::string &name, const oci::Platform &platform, const SourceSpan &where);
    [[nodiscard]] oci::Platform effective_platform(const std::optional<oci::Platform> &asked,
                                                   const oci::ImageConfig &config) const;

    Resolver &resolver_;
    const PlanOptions &options_;
    Reporter reporter_;
    std::vector<BaseImage> images_;
    std::map<std::pair<std::string, oci::Platform>, std::uint32_t> known_;
};

} // namespace mica::plan
