#include "cli/images/moving_tags.hh"

#include "registry/pull.hh"

namespace mica::cli {

bool has_newer_image(registry::Client &client, const oci::Reference &name, const oci::Platform &platform,
                     Time created, const std::stop_token &stop)
{
    const auto there = registry::pull(client, name, platform, stop);
    return there && there->image.config.created && *there->image.config.created > created;
}

} // namespace mica::cli
