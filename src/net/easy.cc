#include "net/easy.hh"

#include <fmt/format.h>
#include <sys/socket.h>
#include <system_error>

namespace mica::net {

namespace {

template <class Value> void set(CURL *handle, CURLoption option, Value value)
{
    if (const auto result = curl_easy_setopt(handle, option, value); result != CURLE_OK)
        throw Error{ErrorKind::internal, fmt::format("libcurl refuses option {}: {}",
                                                     static_cast<int>(option), curl_easy_strerror(result))};
}

Transfer &transfer_of(void *user) noexcept
{
    return *static_cast<Transfer *>(user);
}

std::size_t header_callback(char *data, std::size_t size, std::size_t count, void *user) noexcept
{
    return transfer_of(user).on_header({data, size * count}) ? size * count : 0;
}

std::size_t write_callback(char *data, std::size_t size, std::size_t count, void *user) noexcept
{
    const auto bytes = std::as_bytes(std::span{data, size * count});
    switch (transfer_of(user).on_body(bytes)) {
    case Transfer::Flow::taken:
        return bytes.size();
    case Transfer::Flow::full:
        return CURL_WRITEFUNC_PAUSE;
    case Transfer::Flow::failed:
        break;
    }
    return CURL_WRITEFUNC_ERROR;
}

std::size_t read_callback(char *into, std::size_t size, std::size_t count, void *user) noexcept
{
    const auto taken = transfer_of(user).on_read(std::as_writable_bytes(std::span{into, size * count}));
    return taken ? *taken : CURL_READFUNC_PAUSE;
}

int seek_callback(void *user, curl_off_t offset, int origin) noexcept
{
    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    return transfer_of(user).on_rewind() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/// A connection (and what was said on it) must not leak into the commands of a build.
curl_socket_t open_socket(void *, curlsocktype, curl_sockaddr *address) noexcept
{
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

FailureKind kind_of(CURLcode result, long os_error, std::string_view text)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return FailureKind::resolve;
    case CURLE_COULDNT_CONNECT:
        return os_error == ECONNREFUSED ? FailureKind::refused : FailureKind::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
        return FailureKind::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
        return FailureKind::tls;
    case CURLE_SSL_CONNECT_ERROR:
        // A reset in the middle of a handshake passes; a server that speaks no TLS does not.
        return text.find("error:") == std::string_view::npos ? FailureKind::broken : FailureKind::tls;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return FailureKind::broken;
    default:
        return FailureKind::other;
    }
}

std::string sentence(FailureKind kind, const Url &url, long os_error, std::string_view text)
{
    const auto peer = url.host_and_port();
    switch (kind) {
    case FailureKind::resolve:
        return fmt::format("cannot find an address for {} ({})", url.host(), text);
    case FailureKind::refused:
    case FailureKind::unreachable:
        return fmt::format("cannot connect to {}: {}", peer,
                           os_error != 0 ? std::generic_category().message(static_cast<int>(os_error))
                                         : std::string{text});
    case FailureKind::tls:
        return fmt::format("no trusted connection to {}: {}", peer, text);
    case FailureKind::timeout:
        return fmt::format("{} took too long: {}", peer, text);
    case FailureKind::broken:
        return fmt::format("the connection to {} broke: {}", peer, text);
    case FailureKind::other:
        break;
    }
    return fmt::format("the exchange with {} failed: {}", peer, text);
}

constexpr long keepalive_seconds = 30;

} // namespace

Easy::Easy(EasyHandle handle, std::shared_ptr<Transfer> transfer, const Settings &settings)
    : handle_{std::move(handle)}, transfer_{std::move(transfer)}
{
    auto *h = handle_.get();
    auto *user = static_cast<void *>(transfer_.get());
    set(h, CURLOPT_ERRORBUFFER, error_.data());
    set(h, CURLOPT_NOSIGNAL, 1L);
    set(h, CURLOPT_PROTOCOLS_STR, "http,https");
    set(h, CURLOPT_FOLLOWLOCATION, 0L);
    // One connection an exchange: with HTTP/2 all would share one window of flow control.
    set(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(h, CURLOPT_USERAGENT, settings.options.user_agent.c_str());
    set(h, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.options.connect_timeout.count()));
    set(h, CURLOPT_TCP_KEEPALIVE, 1L);
    set(h, CURLOPT_TCP_KEEPIDLE, keepalive_seconds);
    set(h, CURLOPT_TCP_KEEPINTVL, keepalive_seconds);
    set(h, CURLOPT_BUFFERSIZE, 256L * 1024);
    set(h, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
    set(h, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(h, CURLOPT_HEADERFUNCTION, header_callback);
    set(h, CURLOPT_HEADERDATA, user);
    set(h, CURLOPT_WRITEFUNCTION, write_callback);
    set(h, CURLOPT_WRITEDATA, user);
    if (settings.resolve)
        set(h, CURLOPT_RESOLVE, settings.resolve.get());
    set_tls(settings);
    set_request();
    set_body();
}

void Easy::set_request()
{
    auto *h = handle_.get();
    const auto &request = transfer_->request();
    set(h, CURLOPT_URL, request.url.str().c_str());
    if (request.timeout)
        set(h, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout->count()));
    if (request.direct)
        set(h, CURLOPT_PROXY, "");
    const auto append = [&](const std::string &line) {
        auto *list = curl_slist_append(headers_.get(), line.c_str());
        if (list == nullptr)
            throw Error{ErrorKind::internal, "out of memory for a header"};
        static_cast<void>(headers_.release());
        headers_.reset(list);
    };
    // libcurl would wait up to a second for "100 Continue" before each larger body.
    append("Expect:");
    if (!request.headers.find("Content-Type"))
        append("Content-Type:");
    for (const auto &[name, value] : request.headers)
        append(value.empty() ? name + ";" : name + ": " + value);
    set(h, CURLOPT_HTTPHEADER, headers_.get());
}

void Easy::set_body()
{
    auto *h = handle_.get();
    const auto &request = transfer_->request();
    if (const auto *stream = std::get_if<StreamBody>(&request.body)) {
        set(h, CURLOPT_UPLOAD, 1L);
        set(h, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(stream->size));
        set(h, CURLOPT_READFUNCTION, read_callback);
        set(h, CURLOPT_READDATA, static_cast<void *>(transfer_.get()));
        set(h, CURLOPT_SEEKFUNCTION, seek_callback);
        set(h, CURLOPT_SEEKDATA, static_cast<void *>(transfer_.get()));
    } else if (const auto *bytes = std::get_if<std::string>(&request.body)) {
        set(h, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bytes->size()));
        set(h, CURLOPT_POSTFIELDS, bytes->c_str());
    } else if (request.method == Method::head) {
        set(h, CURLOPT_NOBODY, 1L);
        return;
    } else if (request.method == Method::get) {
        set(h, CURLOPT_HTTPGET, 1L);
        return;
    } else if (request.method != Method::remove) {
        // "Content-Length: 0", which registries insist on.
        set(h, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0});
        set(h, CURLOPT_POSTFIELDS, "");
    }
    set(h, CURLOPT_CUSTOMREQUEST, std::string{method_name(request.method)}.c_str());
}

void Easy::set_tls(const Settings &settings)
{
    auto *h = handle_.get();
    const auto *tls = transfer_->request().tls.get();
    const bool own = tls != nullptr && !tls->ca_pem.empty();
    const auto &pem = own ? tls->ca_pem : settings.ca_pem;
    if (!own && !settings.ca_path.empty()) {
        set(h, CURLOPT_CAINFO, settings.ca_path.c_str());
        // A directory would be searched beside it, and keeps libcurl from remembering what it read.
        set(h, CURLOPT_CAPATH, static_cast<const char *>(nullptr));
    } else if (!pem.empty()) {
        // libcurl may look through the pointer until the exchange ends; request and settings live longer.
        curl_blob blob{const_cast<char *>(pem.data()), pem.size(), CURL_BLOB_NOCOPY};
        set(h, CURLOPT_CAINFO_BLOB, &blob);
    }
    if (tls == nullptr)
        return;
    set(h, CURLOPT_SSL_VERIFYPEER, tls->verify ? 1L : 0L);
    set(h, CURLOPT_SSL_VERIFYHOST, tls->verify ? 2L : 0L);
    if (!tls->client_certificate.empty())
        set(h, CURLOPT_SSLCERT, tls->client_certificate.c_str());
    if (!tls->client_key.empty())
        set(h, CURLOPT_SSLKEY, tls->client_key.c_str());
}

std::optional<Failure> Easy::outcome(CURLcode result) const
{
    if (result == CURLE_OK)
        return std::nullopt;
    long os_error = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_OS_ERRNO, &os_error);
    const std::string_view text = error_.front() != '\0' ? error_.data() : curl_easy_strerror(result);
    const auto kind = kind_of(result, os_error, text);
    Failure failure{kind, sentence(kind, transfer_->request().url, os_error, text)};
    if (kind == FailureKind::tls)
        failure.set_hint("if the server's certificate comes from a private authority, name its PEM file with "
                         "--registry-ca, "
                         "or in SSL_CERT_FILE");
    return failure;
}

std::optional<Failure> Easy::stalled(const Options &options, std::chrono::steady_clock::time_point now)
{
    curl_off_t up = 0, down = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_SIZE_UPLOAD_T, &up);
    curl_easy_getinfo(handle_.get(), CURLINFO_SIZE_DOWNLOAD_T, &down);
    const auto progress = transfer_->progress();
    const bool thinking = progress.sent_all && !progress.answered;
    // A reader or a source of ours that is slow is no fault of the network. A body that starts over counts
    // from its start again.
    const auto moved = up + down - moved_before_;
    if (moved < 0 || moved >= options.least_movement || progress.paused || thinking != was_thinking_) {
        moved_before_ = up + down;
        was_thinking_ = thinking;
        window_ = now;
        return std::nullopt;
    }
    const auto limit = thinking ? options.response_timeout : options.stall_timeout;
    if (now - window_ < limit)
        return std::nullopt;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
    const auto peer = transfer_->request().url.host_and_port();
    return Failure{FailureKind::timeout,
                   thinking ? fmt::format("{} did not answer for {} s", peer, seconds)
                            : fmt::format("{} moved {} bytes in {} s", peer, moved, seconds)};
}

} // namespace mica::net
