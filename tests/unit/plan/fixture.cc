#include "unit/plan/fixture.hh"

namespace mica::plan::test {

BaseImage Images::image(const std::string &name, const oci::Platform & /*platform*/,
                        const SourceSpan & /*where*/)
{
    asked.push_back(name);
    const auto found = configs.find(name);
    return {static_cast<std::uint32_t>(asked.size()), name,
            found == configs.end() ? small_image() : found->second};
}

Resolver::NamedContext Images::named_context(const std::string &name)
{
    const auto found = contexts.find(name);
    return found == contexts.end() ? NamedContext::none : found->second;
}

oci::ImageConfig small_image()
{
    oci::ImageConfig image;
    image.platform = {"linux", "amd64", "", "", {}};
    image.config.env = {"PATH=/bin"};
    image.diff_ids.push_back(Digest::parse("sha256:" + std::string(64, 'a')));
    oci::History entry;
    entry.created_by = "base";
    image.history.push_back(entry);
    return image;
}

PlanOptions amd64()
{
    PlanOptions options;
    options.platform = options.build_platform = {"linux", "amd64", "", "", {}};
    return options;
}

BuildPlan plan_of(const std::string &text, const PlanOptions &options, Images &images)
{
    const auto ast = dockerfile::parse(text, "Dockerfile");
    return make_plan(dockerfile::parse_program(ast), ast, options, images);
}

BuildPlan plan_of(const std::string &text, const PlanOptions &options)
{
    Images images;
    return plan_of(text, options, images);
}

oci::ImageConfig image_of(const std::string &text, const PlanOptions &options)
{
    const auto plan = plan_of(text, options);
    return plan.stages.at(plan.target).config;
}

std::string failure_of(const std::string &text, const PlanOptions &options)
try {
    (void)plan_of(text, options);
    return {};
} catch (const Error &error) {
    return error.message();
}

std::vector<std::string> history_of(const std::string &text, const PlanOptions &options)
{
    std::vector<std::string> out;
    for (const auto &entry : image_of(text, options).history)
        if (entry.created_by != "base")
            out.push_back(entry.created_by);
    return out;
}

std::vector<std::string> remarks_of(const std::string &text, const PlanOptions &options)
{
    Images images;
    std::vector<std::string> out;
    for (const auto &warning :
         check_dockerfile(dockerfile::parse(text, "Dockerfile"), options, images).warnings)
        out.push_back(warning.rule + ":" + std::to_string(warning.where.first_line));
    return out;
}

} // namespace mica::plan::test
