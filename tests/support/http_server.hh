#pragma once
/// @file
/// A small HTTP/1.1 server on a loopback port, with the faults that servers and networks
/// have. For tests.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mica::test {

struct HttpRequest {
    std::string method, path, query; ///< as sent; the query without its question mark
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    unsigned connection = 0; ///< counts from 1

    /// The first of that name (any case), or "".
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The decoded values of a query parameter, in order.
    [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;
    [[nodiscard]] std::string parameter(std::string_view name) const;
};

struct HttpResponse {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    bool hang_up = false;                   ///< no answer at all: the connection is closed
    std::optional<std::size_t> cut_after{}; ///< only that many bytes of the body, then closed
    bool until_close = false;               ///< no Content-Length: the end of the connection ends the body
    std::optional<std::uint64_t> announced_length{}; ///< a Content-Length of its own
    std::chrono::milliseconds delay{0};
    std::chrono::milliseconds drip{0}; ///< the pause after each byte of the body
};

/// Called once a request, from several threads.
using HttpHandler = std::function<HttpResponse(const HttpRequest &)>;
/// Called when only the head is there: what it returns is the answer, and the body stays unread
/// but for `take` bytes of it.
struct HttpEarly {
    std::size_t take = 0;
    HttpResponse response;
};
using HttpEarlyHandler = std::function<std::optional<HttpEarly>(const HttpRequest &)>;

class HttpServer {
public:
    explicit HttpServer(HttpHandler handler, HttpEarlyHandler early = {});
    ~HttpServer();
    HttpServer(const HttpServer &) = delete;
    HttpServer &operator=(const HttpServer &) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// "127.0.0.1:port".
    [[nodiscard]] std::string host() const;
    /// "http://127.0.0.1:port".
    [[nodiscard]] std::string url() const { return "http://" + host(); }
    [[nodiscard]] unsigned connections() const noexcept { return connections_; }

private:
    void accept_all();
    void serve(int socket, unsigned number);
    [[nodiscard]] bool serve_one(int socket, unsigned number, std::string &buffer);
    [[nodiscard]] bool answer(int socket, const HttpRequest &request, const HttpResponse &response);

    HttpHandler handler_;
    HttpEarlyHandler early_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<unsigned> connections_ = 0;
    std::mutex mutex_;
    std::set<int> open_;
    std::vector<std::thread> workers_;
    std::thread acceptor_;
};

} // namespace mica::test
