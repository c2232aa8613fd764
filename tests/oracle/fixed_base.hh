#pragma once
/// @file
/// A resolver for tests of the language: every name is the same small image.
#include "plan/planner.hh"

namespace mica::oracle {

/// linux/amd64, PATH set, Cmd ["sh"], one layer.
class FixedBase final : public plan::Resolver {
public:
    [[nodiscard]] plan::BaseImage image(const std::string &name, const oci::Platform &platform,
                                        const SourceSpan &where) override;
    [[nodiscard]] NamedContext named_context(const std::string &name) override;
    /// There is no network and no context here: nothing has a date.
    [[nodiscard]] std::optional<std::int64_t> source_date(const DateSource &source) override;
};

} // namespace mica::oracle
