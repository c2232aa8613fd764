#include "cli/images/gitlab_pipeline.hh"

#include "base/text.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::cli {

namespace {

/// A text of JSON is one of YAML, whatever is in it.
std::string quoted(const std::string &text)
{
    return nlohmann::json(text).dump();
}

std::string job(const ImageFolder &folder, const std::set<std::string> &wanted, const std::string &root)
{
    std::vector<std::string> needs;
    for (const auto &base : folder.bases)
        if (wanted.contains(base))
            needs.push_back(quoted(base));
    return fmt::format(
        "\n{}:\n  extends: .image\n  variables:\n    IMAGE: {}\n    IMAGES: {}\n  needs: [{}]\n",
        quoted(folder.name), quoted(folder.name), quoted(root), join(needs, ", "));
}

constexpr std::string_view nothing = "\n\"nothing to build\":\n"
                                     "  extends: .nothing\n"
                                     "  needs: []\n";

} // namespace

std::string gitlab_pipeline(const std::vector<ImageFolder> &tree, const std::set<std::string> &wanted,
                            const std::string &root, const std::string &job_template)
{
    auto out = fmt::format("# Written by \"mica plan\": one job an image.\ninclude:\n  - local: {}\n",
                           quoted(job_template));
    if (wanted.empty())
        return out + std::string{nothing};
    for (const auto &folder : tree)
        if (wanted.contains(folder.name))
            out += job(folder, wanted, root);
    return out;
}

} // namespace mica::cli
