#include "support/http_server.hh"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mica::test {

namespace {

std::string decode(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

bool receive(int socket, std::string &buffer)
{
    char block[65536];
    const auto count = ::recv(socket, block, sizeof block, 0);
    if (count <= 0)
        return false;
    buffer.append(block, static_cast<std::size_t>(count));
    return true;
}

bool send_all(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Takes the head off the buffer; false: the connection ended before.
bool read_head(int socket, std::string &buffer, HttpRequest &request)
{
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!receive(socket, buffer))
            return false;
        if (buffer.front() == '\x16') { // a TLS handshake: answered as common servers do
            static_cast<void>(send_all(socket, "HTTP/1.0 400 Bad Request\r\n\r\nno TLS here\n"));
            return false;
        }
    }
    std::string head = buffer.substr(0, end + 2);
    buffer.erase(0, end + 4);
    std::size_t at = head.find("\r\n");
    const auto line = head.substr(0, at);
    const auto first = line.find(' ');
    const auto second = line.find(' ', first + 1);
    request.method = line.substr(0, first);
    const auto target = line.substr(first + 1, second - first - 1);
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string::npos ? "" : target.substr(question + 1);
    for (at += 2; at < head.size();) {
        const auto next = head.find("\r\n", at);
        const auto field = head.substr(at, next - at);
        const auto colon = field.find(':');
        const auto value = field.find_first_not_of(' ', colon + 1);
        request.headers.emplace_back(field.substr(0, colon),
                                     value == std::string::npos ? "" : field.substr(value));
        at = next + 2;
    }
    return true;
}

bool read_body(int socket, std::string &buffer, std::size_t size, std::string &body)
{
    while (buffer.size() < size)
        if (!receive(socket, buffer))
            return false;
    body = buffer.substr(0, size);
    buffer.erase(0, size);
    return true;
}

} // namespace

std::string HttpRequest::header(std::string_view name) const
{
    for (const auto &[field, value] : headers)
        if (field.size() == name.size() && strncasecmp(field.data(), name.data(), name.size()) == 0)
            return value;
    return "";
}

std::vector<std::string> HttpRequest::parameters(std::string_view name) const
{
    std::vector<std::string> found;
    for (std::size_t at = 0; at < query.size();) {
        const auto end = std::min(query.find('&', at), query.size());
        const auto pair = std::string_view{query}.substr(at, end - at);
        const auto equals = pair.find('=');
        if (decode(pair.substr(0, equals)) == name)
            found.push_back(equals == std::string_view::npos ? "" : decode(pair.substr(equals + 1)));
        at = end + 1;
    }
    return found;
}

std::string HttpRequest::parameter(std::string_view name) const
{
    const auto found = parameters(name);
    return found.empty() ? "" : found.front();
}

HttpServer::HttpServer(HttpHandler handler, HttpEarlyHandler early)
    : handler_{std::move(handler)}, early_{std::move(early)},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        throw std::runtime_error{"the test server cannot listen"};
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
}

HttpServer::~HttpServer()
{
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
        const std::scoped_lock lock{mutex_};
        for (const int socket : open_)
            ::shutdown(socket, SHUT_RDWR);
    }
    for (auto &worker : workers_)
        worker.join();
}

std::string HttpServer::host() const
{
    return "127.0.0.1:" + std::to_string(port_);
}

void HttpServer::accept_all()
{
    while (true) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0)
            return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const auto number = ++connections_;
        const std::scoped_lock lock{mutex_};
        open_.insert(socket);
        workers_.emplace_back([this, socket, number] { serve(socket, number); });
    }
}

void HttpServer::serve(int socket, unsigned number)
{
    std::string buffer;
    while (serve_one(socket, number, buffer)) {
    }
    const std::scoped_lock lock{mutex_};
    open_.erase(socket);
    ::close(socket);
}

bool HttpServer::serve_one(int socket, unsigned number, std::string &buffer)
{
    HttpRequest request;
    request.connection = number;
    if (!read_head(socket, buffer, request))
        return false;
    const auto length = request.header("Content-Length");
    const std::size_t size = length.empty() ? 0 : std::stoull(length);
    if (const auto early = early_ ? early_(request) : std::nullopt) {
        static_cast<void>(read_body(socket, buffer, std::min(size, early->take), request.body));
        static_cast<void>(answer(socket, request, early->response));
        return false;
    }
    if (!read_body(socket, buffer, size, request.body))
        return false;
    return answer(socket, request, handler_(request));
}

bool HttpServer::answer(int socket, const HttpRequest &request, const HttpResponse &response)
{
    if (response.delay.count() > 0)
        std::this_thread::sleep_for(response.delay);
    if (response.hang_up)
        return false;
    auto head = "HTTP/1.1 " + std::to_string(response.status) + " Status\r\n";
    for (const auto &[name, value] : response.headers)
        head += name + ": " + value + "\r\n";
    if (response.until_close)
        head += "Connection: close\r\n";
    else if (response.status != 204)
        head +=
            "Content-Length: " + std::to_string(response.announced_length.value_or(response.body.size())) +
            "\r\n";
    auto body = request.method == "HEAD" ? std::string_view{} : std::string_view{response.body};
    if (!send_all(socket, head + "\r\n"))
        return false;
    for (; response.drip.count() > 0 && !body.empty(); body.remove_prefix(1)) {
        std::this_thread::sleep_for(response.drip);
        if (!send_all(socket, body.substr(0, 1)))
            return false;
    }
    if (!send_all(socket, body.substr(0, response.cut_after.value_or(std::string::npos))))
        return false;
    return !response.until_close && !response.cut_after;
}

} // namespace mica::test
