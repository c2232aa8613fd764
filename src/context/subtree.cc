#include "context/subtree.hh"

#include "base/error.hh"
#include "context/path_text.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::context {

namespace {

class Subtree final : public Context {
public:
    Subtree(std::shared_ptr<const Context> whole, std::string directory)
        : whole_{std::move(whole)}, directory_{std::move(directory)}
    {
    }

    std::optional<tar::Entry> find(std::string_view path) const override
    {
        auto entry = whole_->find(join_path(directory_, path));
        if (entry)
            entry->path = path;
        return entry;
    }
    std::vector<std::string> list(std::string_view path) const override
    {
        return whole_->list(join_path(directory_, path));
    }
    ContentPtr content(std::string_view path) const override
    {
        return whole_->content(join_path(directory_, path));
    }
    bool ignored(std::string_view path) const override
    {
        return whole_->ignored(join_path(directory_, path));
    }
    std::uint64_t link_id(std::string_view path) const override
    {
        return whole_->link_id(join_path(directory_, path));
    }
    std::filesystem::path host_path() const override { return whole_->host_path() / directory_; }

private:
    std::shared_ptr<const Context> whole_;
    std::string directory_;
};

} // namespace

std::shared_ptr<const Context> subtree(std::shared_ptr<const Context> whole, std::string_view directory)
{
    auto path = rooted_path(directory);
    if (path.empty())
        return whole;
    for (auto at = path; !at.empty(); at = std::string{parent_path(at)}) {
        const auto entry = whole->find(at);
        if (!entry || entry->type != tar::FileType::directory)
            throw Error{ErrorKind::not_found, fmt::format("the context has no directory \"{}\"", at)};
    }
    return std::make_shared<Subtree>(std::move(whole), std::move(path));
}

} // namespace mica::context
