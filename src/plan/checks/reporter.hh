#pragma once
/// @file
/// Where checks say what they found.
#include "plan/checks/config.hh"
#include "plan/plan.hh"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mica::plan {

/// A handle: copies report to the same place. Not for several threads.
class Reporter {
public:
    using Sink = std::function<void(const Warning &)>;

    /// Reports nothing.
    Reporter() = default;
    Reporter(CheckConfig config, Sink sink);

    /// For an instruction with these doc comments.
    [[nodiscard]] Reporter for_comments(const std::vector<std::string> &comments) const;
    void report(Rule rule, const SourceSpan &where, std::string detail) const;
    /// With "error=true": throws Error (dockerfile) if anything was reported.
    void throw_if_fatal() const;

private:
    struct Shared {
        Sink sink;
        std::vector<std::string_view> found; ///< each rule once
    };
    CheckConfig config_;
    std::shared_ptr<Shared> shared_;
};

} // namespace mica::plan
