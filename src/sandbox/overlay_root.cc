#include "sandbox/overlay_root.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "sandbox/upper_walk.hh"
#include <fcntl.h>
#include <string>
#include <sys/stat.h>

namespace mica::sandbox {

void OverlayRoot::add(StackLayer layer)
{
    if (mounted_)
        throw Error{ErrorKind::internal, "a layer was added in the middle of a step"};
    stack_.add(std::move(layer));
}

RootPlace OverlayRoot::mounted()
{
    if (!mounted_) {
        mount();
        const bool wrote = stack_.complete(mounted_->root_fd(), completed_);
        completed_ = stack_.layers().size();
        if (wrote) {
            // What completes the layers is not a change of the step to come.
            put_upper_on_stack();
            mount();
        }
    }
    return {mounted_->root().native(), mounted_->root_fd()};
}

void OverlayRoot::mount()
{
    const auto place = scratch_ / std::to_string(steps_++);
    os::check(::mkdir(place.c_str(), 0755), place.native());
    mounted_ = std::make_unique<OverlayMount>(stack_, form_, place);
}

void OverlayRoot::put_upper_on_stack()
{
    const auto upper = mounted_->upper();
    mounted_.reset();
    stack_.add({upper.native(), open_file(upper, O_RDONLY | O_DIRECTORY), {}});
    completed_ = stack_.layers().size();
}

SealAnswer OverlayRoot::seal()
{
    SealAnswer answer;
    if (!mounted_)
        return answer;
    answer.directory = std::to_string(steps_ - 1) + "/upper";
    put_upper_on_stack();
    const auto &layers = stack_.layers();
    std::vector<int> earlier;
    for (const auto number : uppers_)
        earlier.push_back(layers[number].directory.get());
    answer.entries =
        walk_upper(layers.back().directory.get(), earlier, std::span{layers}.first(layers.size() - 1), form_);
    uppers_.push_back(layers.size() - 1);
    return answer;
}

} // namespace mica::sandbox
