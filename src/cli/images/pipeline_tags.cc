#include "cli/images/pipeline_tags.hh"

#include "base/error.hh"

namespace mica::cli {

std::optional<PipelineTags> pipeline_tags(const Environment &environment)
{
    const auto commit = environment.get("CI_COMMIT_SHA");
    if (!commit)
        return std::nullopt;
    PipelineTags result;
    result.tags.push_back(*commit);
    // Two branches may have one slug ("a/b" and "a-b"); that of "latest" is another image's.
    if (const auto slug = environment.get("CI_COMMIT_REF_SLUG"); slug && *slug != "latest")
        result.tags.push_back(*slug);
    const auto branch = environment.get("CI_COMMIT_BRANCH");
    result.latest = branch && branch == environment.get("CI_DEFAULT_BRANCH");
    if (const auto time = environment.get("CI_COMMIT_TIMESTAMP"))
        result.commit_time = in_context([] { return std::string{"reading CI_COMMIT_TIMESTAMP"}; },
                                        [&] { return parse_rfc3339(*time); });
    return result;
}

} // namespace mica::cli
