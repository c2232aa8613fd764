#include "exec/named_contexts.hh"

#include "base/error.hh"
#include "context/ignore_file.hh"
#include "oci/reference.hh"
#include <fmt/format.h>
#include <variant>

namespace mica::exec {

namespace {

std::string normalized(const std::string &name)
{
    constexpr std::string_view default_tag = ":latest";
    try {
        auto familiar = oci::Reference::parse(name).familiar();
        if (familiar.ends_with(default_tag))
            familiar.resize(familiar.size() - default_tag.size());
        return familiar;
    } catch (const Error &) {
        return name; // no image name, but a context may be called so
    }
}

} // namespace

const NamedContext *find_named_context(const BuildRequest &request, const std::string &name)
{
    const auto wanted = normalized(name);
    for (const auto &[given, context] : request.named_contexts)
        if (normalized(given) == wanted)
            return &context;
    return nullptr;
}

std::shared_ptr<const context::Context> NamedContexts::open(const NamedContext &context)
{
    if (const auto *remote = std::get_if<RemoteContext>(&context))
        return remote_.open(remote->source, task_, stop_);
    const auto &path = std::get<DirectoryContext>(context).path;
    auto ignore = context::find_ignore_file(path, std::nullopt);
    return context::open_directory(path, context::IgnoreList{ignore.patterns});
}

std::shared_ptr<const context::Context> NamedContexts::find(const std::string &name)
{
    if (name.empty())
        return request_.context;
    const std::scoped_lock guard{mutex_};
    auto &opened = opened_[name];
    if (!opened) {
        const auto *found = find_named_context(request_, name);
        if (found == nullptr)
            throw Error{ErrorKind::internal, fmt::format("there is no context {}", name)};
        opened = in_context([&] { return fmt::format("open the context {}", name); },
                            [&] { return open(*found); });
    }
    return opened;
}

} // namespace mica::exec
