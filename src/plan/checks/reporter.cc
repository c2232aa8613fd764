#include "plan/checks/reporter.hh"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mica::plan {

Reporter::Reporter(CheckConfig config, Sink sink)
    : config_{std::move(config)}, shared_{std::make_shared<Shared>(Shared{std::move(sink), {}})}
{
}

Reporter Reporter::for_comments(const std::vector<std::string> &comments) const
{
    auto out = *this;
    out.config_ = with_comments(config_, comments);
    return out;
}

void Reporter::report(Rule rule, const SourceSpan &where, std::string detail) const
{
    const auto text = text_of(rule);
    if (!shared_ || !config_.wants(text))
        return;
    auto &found = shared_->found;
    if (std::find(found.begin(), found.end(), text.name) == found.end())
        found.push_back(text.name);
    shared_->sink({std::string{text.name}, std::string{text.description}, std::string{text.url},
                   std::move(detail), where});
}

void Reporter::throw_if_fatal() const
{
    if (!shared_ || !config_.as_error || shared_->found.empty())
        return;
    throw Error{ErrorKind::dockerfile,
                fmt::format("lint violation found for rules: {}", fmt::join(shared_->found, ", "))}
        .with_hint("the Dockerfile (or BUILDKIT_DOCKERFILE_CHECK) asks that remarks fail the build");
}

} // namespace mica::plan
