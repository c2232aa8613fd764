#pragma once
/// @file
/// A registry in memory on a loopback port: the protocol of the specification, or of Amazon's ECR, and
/// faults on demand. For tests.
#include "support/http_server.hh"
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::test {

struct FakeRegistryOptions {
    enum class Login { none, basic, bearer };
    Login login = Login::none;
    std::string user{}, password{}; ///< empty: anyone gets a token (bearer)
    std::string refresh_token{};    ///< taken by POST to the token server
    int token_seconds = 300;
    bool mounts = true;
    bool ecr = false;                  ///< 201 for pieces, a Range that is stuck, 416 in ECR's words
    std::size_t least_part = 0;        ///< of all pieces but the last; checked at the end
    std::string chunk_minimum{};       ///< OCI-Chunk-Min-Length
    std::size_t most_taken = SIZE_MAX; ///< of one PATCH; the rest is not stored, and Range says so
    bool blobs_elsewhere = false;      ///< blobs are redirected to another port, which refuses Authorization
    bool ranges = true;
    bool absolute_locations = false;
};

/// What goes wrong: the next `times` requests of this method whose target has this text.
struct Fault {
    std::string method, target;
    unsigned times = 1;
    HttpResponse response{.hang_up = true};
    bool after = false;                ///< only the answer is replaced: what was asked is done
    std::optional<std::size_t> take{}; ///< answer when only that many bytes of the body were read
};

struct LoggedRequest {
    std::string method, target, authorization, range;
    std::size_t body = 0;
};

class FakeRegistry {
public:
    explicit FakeRegistry(FakeRegistryOptions options = {});

    /// "127.0.0.1:port".
    [[nodiscard]] std::string host() const { return server_->host(); }

    /// Returns the digest's text.
    std::string add_blob(const std::string &repository, const std::string &bytes);
    std::string add_manifest(const std::string &repository, const std::string &tag, const std::string &bytes,
                             const std::string &type);
    [[nodiscard]] std::optional<std::string> blob(const std::string &repository,
                                                  const std::string &digest) const;
    [[nodiscard]] std::optional<std::string> manifest(const std::string &repository,
                                                      const std::string &key) const;
    void fail(Fault fault);
    /// Called with each request, before it is answered.
    void watch(std::function<void(const HttpRequest &)> watcher) { watcher_ = std::move(watcher); }
    /// Every token that was given ends now.
    void expire_tokens();

    [[nodiscard]] std::vector<LoggedRequest> log() const;
    [[nodiscard]] std::size_t count(std::string_view method, std::string_view target) const;

private:
    struct Repository {
        std::map<std::string, std::string> blobs, manifests, types, tags;
    };
    struct Session {
        std::string repository, bytes;
        std::vector<std::size_t> parts;
        unsigned state = 0;
    };

    [[nodiscard]] HttpResponse handle(const HttpRequest &request);
    [[nodiscard]] HttpResponse dispatch(const HttpRequest &request);
    [[nodiscard]] std::optional<HttpEarly> early(const HttpRequest &request);
    [[nodiscard]] std::optional<HttpResponse> fault(const HttpRequest &request, bool after);
    [[nodiscard]] HttpResponse give_token(const HttpRequest &request);
    [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest &request,
                                                     const std::string &repository);
    [[nodiscard]] HttpResponse serve_blob(const HttpRequest &request, const std::string &repository,
                                          const std::string &digest);
    [[nodiscard]] HttpResponse serve_manifest(const HttpRequest &request, const std::string &repository,
                                              const std::string &key);
    [[nodiscard]] HttpResponse start_upload(const HttpRequest &request, const std::string &repository);
    [[nodiscard]] HttpResponse go_on(const HttpRequest &request, const std::string &id);
    [[nodiscard]] HttpResponse take_piece(const HttpRequest &request, const std::string &id,
                                          Session &session);
    [[nodiscard]] HttpResponse close_upload(const HttpRequest &request, const std::string &id);
    [[nodiscard]] std::string location(const std::string &id, const Session &session) const;
    [[nodiscard]] HttpResponse stored_bytes(const HttpRequest &request, const std::string &bytes) const;

    const FakeRegistryOptions options_;
    mutable std::mutex mutex_;
    std::map<std::string, Repository> repositories_;
    std::map<std::string, Session> sessions_;
    std::map<std::string, std::set<std::string>> tokens_; ///< with their scopes
    std::vector<Fault> faults_;
    std::vector<LoggedRequest> log_;
    std::function<void(const HttpRequest &)> watcher_;
    unsigned counter_ = 0;
    std::optional<HttpServer> storage_, server_; ///< last: they call back
};

} // namespace mica::test
