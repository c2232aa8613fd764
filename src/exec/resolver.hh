#pragma once
/// @file
/// What names in FROM and --from mean: named contexts, images kept in the state
/// directory, registries.
#include "base/event.hh"
#include "exec/build.hh"
#include "exec/remote_files.hh"
#include "plan/planner.hh"
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace mica::exec {

/// A name is, in this order: a --build-context of that name, an image that an
/// earlier build gave the name with -t (and did not push), an image of a registry.
/// One resolver serves one build; each name and platform is asked for once.
class ImageResolver final : public plan::Resolver {
public:
    ImageResolver(const BuildRequest &request, Services &services, RemoteFiles &remote, TaskId parent,
                  std::stop_token stop)
        : request_{request}, services_{services}, remote_{remote}, parent_{parent}, stop_{std::move(stop)}
    {
    }

    [[nodiscard]] plan::BaseImage image(const std::string &name, const oci::Platform &platform,
                                        const SourceSpan &where) override;
    [[nodiscard]] NamedContext named_context(const std::string &name) override;
    /// Of fetched sources the date that their server says, of directories that of their commit.
    [[nodiscard]] std::optional<std::int64_t> source_date(const DateSource &source) override;

    /// What was resolved so far.
    [[nodiscard]] const std::vector<ResolvedInput> &inputs() const { return inputs_; }

    /// The image behind a handle given out before.
    [[nodiscard]] const oci::Image &resolved(std::uint32_t handle) const { return images_.at(handle); }

private:
    [[nodiscard]] oci::Image find(const std::string &name, const oci::Platform &platform);
    [[nodiscard]] oci::Image from_layout(const LayoutContext &layout, const oci::Platform &platform);
    [[nodiscard]] oci::Image from_name(const std::string &name, const oci::Platform &platform);
    [[nodiscard]] bool may_be(const oci::Reference &name, const Digest &digest) const;
    [[nodiscard]] oci::Reference pinned(const oci::Reference &name) const;
    void note(ResolvedInput::Kind kind, std::string name, const oci::Platform &platform,
              const Digest &digest);

    const BuildRequest &request_;
    Services &services_;
    RemoteFiles &remote_;
    TaskId parent_;
    std::stop_token stop_;
    std::map<std::pair<std::string, oci::Platform>, std::uint32_t> handles_;
    std::vector<oci::Image> images_;
    std::vector<ResolvedInput> inputs_;
};

} // namespace mica::exec
