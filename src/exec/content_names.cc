#include "exec/content_names.hh"

#include "base/stop.hh"
#include "cache/build_cache.hh"
#include "context/host_content.hh"
#include "exec/layer_contents.hh"
#include "io/hash.hh"
#include <algorithm>
#include <functional>
#include <future>
#include <span>
#include <utility>

namespace mica::exec {

namespace {

constexpr std::size_t files_at_once = 64; ///< of one job: most files are small

/// Of one thread, for all the files that it reads.
std::span<std::byte> reading_buffer()
{
    thread_local std::vector<std::byte> buffer(std::size_t{128} * 1024);
    return buffer;
}

Digest hash_content(const Content &content, const std::stop_token &stop)
{
    Sha256 hash;
    const auto source = content.open();
    const auto buffer = reading_buffer();
    while (const std::size_t count = source->read(buffer)) {
        throw_if_stopped(stop);
        hash.update(buffer.first(count));
    }
    return hash.digest();
}

const LayerFile *layer_file(const layer::Change &change)
{
    return dynamic_cast<const LayerFile *>(change.content.get());
}

std::optional<Digest> remembered_digest(const layer::Change &change, cache::BuildCache *cache)
{
    const auto *const host = dynamic_cast<const context::HostContent *>(change.content.get());
    return host != nullptr && cache != nullptr ? cache->digests().find(host->seen()) : std::nullopt;
}

/// Tells the digest of what it has passed on when the end is reached.
class ReadAlongSource final : public Source {
public:
    using Told = std::function<void(const Digest &)>;

    ReadAlongSource(std::unique_ptr<Source> from, Told told) : from_{std::move(from)}, told_{std::move(told)}
    {
    }
    std::size_t read(std::span<std::byte> into) override
    {
        const std::size_t count = from_->read(into);
        hash_.update(into.first(count));
        if (count == 0 && !into.empty() && told_)
            std::exchange(told_, nullptr)(hash_.digest());
        return count;
    }

private:
    std::unique_ptr<Source> from_;
    Told told_;
    Sha256 hash_;
};

class ReadAlongContent final : public Content {
public:
    ReadAlongContent(ContentPtr content, ReadAlongSource::Told told)
        : content_{std::move(content)}, told_{std::move(told)}
    {
    }
    std::unique_ptr<Source> open() const override
    {
        return std::make_unique<ReadAlongSource>(content_->open(), told_);
    }

private:
    ContentPtr content_;
    ReadAlongSource::Told told_;
};

} // namespace

class ContentNames::Along final : public layer::ChangeSource {
public:
    explicit Along(ContentNames &names) : names_{names} {}

    void visit(const layer::ChangeVisitor &visitor, const std::stop_token &stop) override
    {
        for (std::size_t number = 0; number < names_.changes_.size(); ++number) {
            throw_if_stopped(stop);
            const auto &change = names_.changes_[number];
            if (names_.is_known(number, Naming::exact)) {
                visitor(change);
                continue;
            }
            auto watched = change;
            watched.content = std::make_shared<ReadAlongContent>(
                change.content, [this, number](const Digest &digest) { names_.learn(number, digest); });
            visitor(watched);
        }
    }

private:
    ContentNames &names_;
};

ContentNames::ContentNames(const std::vector<layer::Change> &changes, const StepContext &context,
                           std::stop_token stop)
    : changes_{changes}, context_{context}, stop_{std::move(stop)}, digests_(changes.size())
{
    for (std::size_t i = 0; i < changes.size(); ++i) {
        any_in_layers_ = any_in_layers_ || layer_file(changes[i]) != nullptr;
        digests_[i] = remembered_digest(changes[i], context.services.cache);
    }
}

bool ContentNames::is_known(std::size_t number, Naming naming) const
{
    const auto &change = changes_[number];
    return digests_[number] || !change.content ||
           (naming == Naming::by_origin && layer_file(change) != nullptr);
}

bool ContentNames::are_known(Naming naming) const
{
    for (std::size_t i = 0; i < changes_.size(); ++i)
        if (!is_known(i, naming))
            return false;
    return true;
}

std::string ContentNames::name(std::size_t number, Naming naming)
{
    const auto &change = changes_[number];
    if (!change.content)
        return "empty";
    if (naming == Naming::by_origin)
        if (const auto *file = layer_file(change))
            return file->origin();
    if (!digests_[number])
        learn(number, hash_content(*change.content, stop_));
    return digests_[number]->hex();
}

void ContentNames::read(Naming naming)
{
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < changes_.size(); ++i)
        if (!is_known(i, naming))
            unknown.push_back(i);
    const auto read_range = [&](std::size_t first) {
        const auto last = std::min(first + files_at_once, unknown.size());
        for (std::size_t i = first; i < last; ++i)
            learn(unknown[i], hash_content(*changes_[unknown[i]].content, stop_));
    };
    std::vector<std::future<void>> jobs;
    for (std::size_t first = 0; first < unknown.size(); first += files_at_once)
        jobs.push_back(context_.services.pool.submit([&read_range, first] { read_range(first); }));
    for (auto &job : jobs) // all of them end before the first failure is told: they use what is here
        job.wait();
    for (auto &job : jobs)
        job.get();
}

std::unique_ptr<layer::ChangeSource> ContentNames::read_along()
{
    return std::make_unique<Along>(*this);
}

void ContentNames::learn(std::size_t number, const Digest &digest)
{
    digests_[number] = digest;
    const auto *const host = dynamic_cast<const context::HostContent *>(changes_[number].content.get());
    if (host != nullptr && context_.services.cache != nullptr)
        context_.services.cache->digests().remember(host->seen(), digest);
}

} // namespace mica::exec
