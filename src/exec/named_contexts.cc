#include "exec/named_contexts.hh"

#include "base/error.hh"
#include "context/ignore_file.hh"
#include <fmt/format.h>

namespace mica::exec {

std::shared_ptr<const context::Context> NamedContexts::find(const std::string &name)
{
    if (name.empty())
        return request_.context;
    const std::scoped_lock guard{mutex_};
    auto &opened = opened_[name];
    if (!opened) {
        const auto &directory = std::get<DirectoryContext>(request_.named_contexts.at(name));
        opened = in_context([&] { return fmt::format("open the context {}", name); },
                            [&] {
                                auto ignore = context::find_ignore_file(directory.path, std::nullopt);
                                return context::open_directory(directory.path,
                                                               context::IgnoreList{ignore.patterns});
                            });
    }
    return opened;
}

} // namespace mica::exec
