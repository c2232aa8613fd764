#include "net/client.hh"

#include "base/stop.hh"
#include "net/certificates.hh"
#include "net/loop.hh"
#include "net/redirect.hh"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace mica::net {

namespace {

constexpr std::uint64_t drained_redirect = 64 * 1024;

/// libcurl counts its users; its start is thread-safe since 7.84.
class CurlInUse {
public:
    CurlInUse()
    {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
            throw Error{ErrorKind::internal, "libcurl could not be started"};
    }
    ~CurlInUse() { curl_global_cleanup(); }
    CurlInUse(const CurlInUse &) = delete;
    CurlInUse &operator=(const CurlInUse &) = delete;
};

Settings settings_from(Options options, std::string ca_pem, const std::string &ca_path)
{
    Settings settings;
    settings.ca_pem = std::move(ca_pem);
    settings.ca_path = ca_path;
    for (const auto &entry : options.resolve) {
        auto *list = curl_slist_append(settings.resolve.get(), entry.c_str());
        static_cast<void>(settings.resolve.release());
        settings.resolve.reset(list);
    }
    settings.options = std::move(options);
    return settings;
}

/// The body of an answer; ends its exchange when dropped.
class BodySource final : public Source {
public:
    BodySource(Loop &loop, std::shared_ptr<Transfer> transfer, std::stop_token stop)
        : loop_{loop}, transfer_{std::move(transfer)}, stop_{std::move(stop)}
    {
    }
    BodySource(const BodySource &) = delete;
    BodySource &operator=(const BodySource &) = delete;
    ~BodySource() override
    {
        if (!transfer_->ended())
            loop_.cancel(transfer_);
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        if (at_ == block_.size()) {
            at_ = 0;
            if (!transfer_->read(block_, stop_, [this] { loop_.resume(transfer_); })) {
                block_.clear();
                return 0;
            }
        }
        const auto count = std::min(into.size(), block_.size() - at_);
        std::memcpy(into.data(), block_.data() + at_, count);
        at_ += count;
        return count;
    }

private:
    Loop &loop_;
    std::shared_ptr<Transfer> transfer_;
    std::stop_token stop_;
    std::vector<std::byte> block_;
    std::size_t at_ = 0;
};

/// What fits into the limit; true: there was more.
bool read_bounded(Source &from, std::string &into, std::uint64_t limit)
{
    std::vector<std::byte> buffer(64 * 1024);
    while (const auto count = from.read(buffer)) {
        const auto room = std::min<std::uint64_t>(count, limit - into.size());
        into.append(reinterpret_cast<const char *>(buffer.data()), room);
        if (room < count)
            return true;
    }
    return false;
}

} // namespace

std::string_view method_name(Method method)
{
    switch (method) {
    case Method::get:
        return "GET";
    case Method::head:
        return "HEAD";
    case Method::post:
        return "POST";
    case Method::put:
        return "PUT";
    case Method::patch:
        return "PATCH";
    case Method::remove:
        return "DELETE";
    }
    return "GET";
}

class Client::State {
public:
    explicit State(Options options)
        : tls_by_host_{options.tls_by_host}, ca_pem_{trusted_certificates(options.ca_file)},
          ca_file_{ca_pem_},
          loop_{settings_from(std::move(options), ca_pem_, ca_pem_.empty() ? std::string{} : ca_file_.path())}
    {
    }

    Stream exchange(const Request &request, const std::stop_token &stop)
    {
        throw_if_stopped(stop);
        auto complete = request;
        if (!complete.tls)
            complete.tls = tls_of(complete.url);
        auto transfer = std::make_shared<Transfer>(std::move(complete));
        auto body = std::make_unique<BodySource>(loop_, transfer, stop);
        loop_.start(transfer);
        transfer->exchange(stop, [&] { loop_.resume(transfer); });
        return {transfer->status(), transfer->headers(), request.url, std::move(body)};
    }

private:
    [[nodiscard]] std::shared_ptr<const Tls> tls_of(const Url &url) const
    {
        for (const auto &name : {url.host_and_port(), url.host(), std::string{"*"}})
            if (const auto found = tls_by_host_.find(name); found != tls_by_host_.end())
                return found->second;
        return nullptr;
    }

    CurlInUse curl_;
    const std::map<std::string, std::shared_ptr<const Tls>> tls_by_host_;
    const std::string ca_pem_;
    const MemoryFile ca_file_;
    Loop loop_;
};

Client::Client(Options options) : state_{std::make_unique<State>(std::move(options))} {}
Client::~Client() = default;

Stream Client::open(const Request &request, const std::stop_token &stop)
{
    const bool may_follow = request.method == Method::get || request.method == Method::head;
    auto answer = state_->exchange(request, stop);
    if (!may_follow || request.max_redirects == 0)
        return answer;
    auto current = request;
    for (unsigned followed = 0;; ++followed) {
        auto next = redirected(current, answer.status, answer.headers);
        if (!next)
            return answer;
        if (followed == request.max_redirects)
            throw Failure{FailureKind::other, fmt::format("{} redirects more than {} times",
                                                          request.url.display(), request.max_redirects)};
        // The rest of a short answer is cheaper to read than a new connection is to open.
        std::string rest;
        static_cast<void>(read_bounded(*answer.body, rest, drained_redirect));
        current = std::move(*next);
        answer = state_->exchange(current, stop);
    }
}

Response Client::send(const Request &request, std::uint64_t limit, const std::stop_token &stop)
{
    auto answer = open(request, stop);
    Response response{answer.status, std::move(answer.headers), answer.url, {}, false};
    response.truncated = read_bounded(*answer.body, response.body, limit);
    return response;
}

} // namespace mica::net
