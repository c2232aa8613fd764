#pragma once
/// @file
/// Plans of Dockerfiles written in a test, with images that the test names.
#include "dockerfile/parser.hh"
#include "plan/check.hh"
#include "plan/planner.hh"
#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <vector>

namespace mica::plan::test {

/// Knows every image; those that are not set up have nothing but PATH and one layer.
class Images final : public Resolver {
public:
    std::map<std::string, oci::ImageConfig> configs;
    std::map<std::string, NamedContext> contexts;
    std::vector<std::string> asked; ///< names, in order

    [[nodiscard]] BaseImage image(const std::string &name, const oci::Platform &platform,
                                  const SourceSpan &where) override;
    [[nodiscard]] NamedContext named_context(const std::string &name) override;
};

/// linux/amd64 with PATH and one layer.
[[nodiscard]] oci::ImageConfig small_image();
[[nodiscard]] PlanOptions amd64();

[[nodiscard]] BuildPlan plan_of(const std::string &text, const PlanOptions &options, Images &images);
[[nodiscard]] BuildPlan plan_of(const std::string &text, const PlanOptions &options = amd64());
/// Config of the target.
[[nodiscard]] oci::ImageConfig image_of(const std::string &text, const PlanOptions &options = amd64());
/// The message of the Error that planning ends in; empty if it does not.
[[nodiscard]] std::string failure_of(const std::string &text, const PlanOptions &options = amd64());
/// created_by of the target's own history.
[[nodiscard]] std::vector<std::string> history_of(const std::string &text,
                                                  const PlanOptions &options = amd64());
/// The operation of the target's only step of this kind.
template <class Operation_> [[nodiscard]] Operation_ only_step(const BuildPlan &plan)
{
    std::vector<Operation_> found;
    for (const auto &step : plan.stages.at(plan.target).steps)
        if (const auto *operation = std::get_if<Operation_>(&step.operation))
            found.push_back(*operation);
    BOOST_REQUIRE_EQUAL(found.size(), 1U);
    return found.front();
}
/// "Rule:line" of each remark of --check.
[[nodiscard]] std::vector<std::string> remarks_of(const std::string &text,
                                                  const PlanOptions &options = amd64());

using Strings = std::vector<std::string>;

} // namespace mica::plan::test
