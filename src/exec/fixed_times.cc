#include "exec/fixed_times.hh"

#include <utility>

namespace mica::exec {

namespace {

class FixedTimes final : public context::Context {
public:
    FixedTimes(std::shared_ptr<const context::Context> from, Time time) : from_{std::move(from)}, time_{time}
    {
    }

    [[nodiscard]] std::optional<tar::Entry> find(std::string_view path) const override
    {
        auto entry = from_->find(path);
        if (entry)
            entry->mtime = time_;
        return entry;
    }
    [[nodiscard]] std::vector<std::string> list(std::string_view path) const override
    {
        return from_->list(path);
    }
    [[nodiscard]] ContentPtr content(std::string_view path) const override { return from_->content(path); }
    [[nodiscard]] bool ignored(std::string_view path) const override { return from_->ignored(path); }
    [[nodiscard]] std::uint64_t link_id(std::string_view path) const override { return from_->link_id(path); }
    [[nodiscard]] std::filesystem::path host_path() const override { return from_->host_path(); }

private:
    std::shared_ptr<const context::Context> from_;
    Time time_;
};

} // namespace

std::shared_ptr<const context::Context> with_fixed_times(std::shared_ptr<const context::Context> context,
                                                         Time time)
{
    if (!context)
        return context;
    return std::make_shared<const FixedTimes>(std::move(context), time);
}

} // namespace mica::exec
