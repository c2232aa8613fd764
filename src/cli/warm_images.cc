#include "cli/warm_images.hh"

#include "base/clock.hh"
#include "base/error.hh"
#include "base/thread_pool.hh"
#include "exec/inquiry.hh"
#include "exec/warm.hh"
#include "oci/layout.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace mica::cli {

namespace {

/// Warming needs no sandbox.
sandbox::Backend &no_backend()
{
    throw Error{ErrorKind::internal, "fetching an image runs no command"};
}

/// What a warming works with; members stand in the order in which they are made.
class Warming {
public:
    explicit Warming(const WarmServices &from)
        : services_{.bus = from.bus,
                    .registry = from.registry,
                    .store = oci::Layout::open_or_create(from.images),
                    .backend = no_backend,
                    .pool = pool_,
                    .clock = clock_,
                    .scratch = from.scratch,
                    .trees = from.trees}
    {
    }
    [[nodiscard]] exec::Services &services() { return services_; }

private:
    ThreadPool pool_;
    SystemClock clock_;
    exec::Services services_;
};

} // namespace

std::vector<std::string> images_of_all_stages(const exec::BuildRequest &request, const WarmServices &services,
                                              const std::stop_token &stop)
{
    Warming warming{services};
    std::vector<std::string> images;
    for (const auto &target : exec::targets(request, warming.services())) {
        auto of_stage = request;
        of_stage.target = target.name;
        for (auto &name : exec::images_of(of_stage, warming.services(), stop))
            if (std::ranges::find(images, name) == images.end())
                images.push_back(std::move(name));
    }
    return images;
}

void warm_what_can_be(const std::vector<std::string> &images, const exec::BuildRequest &request,
                      const WarmServices &services, const std::stop_token &stop)
{
    Warming warming{services};
    std::optional<Error> last;
    std::size_t failed = 0;
    for (const auto &image : images) {
        try {
            exec::warm({image}, request, warming.services(), stop);
        } catch (const Error &error) {
            services.bus.publish(event::Note{event::Note::Level::warning,
                                             fmt::format("{} is not warmed: {}", image, error.message()),
                                             {}});
            last = error;
            ++failed;
        }
    }
    if (last && failed == images.size())
        throw Error{std::move(*last)};
}

} // namespace mica::cli
