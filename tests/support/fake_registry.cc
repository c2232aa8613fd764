#include "support/fake_registry.hh"

#include "auth/base64.hh"
#include "io/hash.hh"
#include <algorithm>
#include <charconv>

namespace mica::test {

namespace {

std::string digest_of(const std::string &bytes)
{
    return sha256(bytes).str();
}

std::string target_of(const HttpRequest &request)
{
    return request.query.empty() ? request.path : request.path + "?" + request.query;
}

HttpResponse refusal(int status, const std::string &code, const std::string &message)
{
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = R"({"errors":[{"code":")" + code + R"(","message":")" + message + R"("}]})"};
}

std::uint64_t number(std::string_view text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

FakeRegistry::FakeRegistry(FakeRegistryOptions options) : options_{std::move(options)}
{
    storage_.emplace([this](const HttpRequest &request) {
        const std::scoped_lock lock{mutex_};
        log_.push_back(
            {request.method, request.path, request.header("Authorization"), request.header("Range"), 0});
        if (!request.header("Authorization").empty())
            return HttpResponse{.status = 400, .body = "<Error>Only one auth mechanism allowed</Error>"};
        if (auto failed = fault(request, false))
            return *failed;
        for (const auto &[name, repository] : repositories_)
            if (const auto found = repository.blobs.find(request.path.substr(9));
                found != repository.blobs.end())
                return stored_bytes(request, found->second);
        return HttpResponse{.status = 404};
    });
    server_.emplace([this](const HttpRequest &request) { return handle(request); },
                    [this](const HttpRequest &request) { return early(request); });
}

std::string FakeRegistry::add_blob(const std::string &repository, const std::string &bytes)
{
    const std::scoped_lock lock{mutex_};
    const auto digest = digest_of(bytes);
    repositories_[repository].blobs[digest] = bytes;
    return digest;
}

std::string FakeRegistry::add_manifest(const std::string &repository, const std::string &tag,
                                       const std::string &bytes, const std::string &type)
{
    const std::scoped_lock lock{mutex_};
    const auto digest = digest_of(bytes);
    auto &there = repositories_[repository];
    there.manifests[digest] = bytes;
    there.types[digest] = type;
    if (!tag.empty())
        there.tags[tag] = digest;
    return digest;
}

std::optional<std::string> FakeRegistry::blob(const std::string &repository, const std::string &digest) const
{
    const std::scoped_lock lock{mutex_};
    const auto there = repositories_.find(repository);
    if (there == repositories_.end() || !there->second.blobs.contains(digest))
        return std::nullopt;
    return there->second.blobs.at(digest);
}

std::optional<std::string> FakeRegistry::manifest(const std::string &repository, const std::string &key) const
{
    const std::scoped_lock lock{mutex_};
    const auto there = repositories_.find(repository);
    if (there == repositories_.end())
        return std::nullopt;
    const auto tag = there->second.tags.find(key);
    const auto found = there->second.manifests.find(tag == there->second.tags.end() ? key : tag->second);
    return found == there->second.manifests.end() ? std::nullopt : std::optional{found->second};
}

void FakeRegistry::fail(Fault fault)
{
    const std::scoped_lock lock{mutex_};
    faults_.push_back(std::move(fault));
}

void FakeRegistry::expire_tokens()
{
    const std::scoped_lock lock{mutex_};
    tokens_.clear();
}

std::vector<LoggedRequest> FakeRegistry::log() const
{
    const std::scoped_lock lock{mutex_};
    return log_;
}

std::size_t FakeRegistry::count(std::string_view method, std::string_view target) const
{
    const auto all = log();
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](const LoggedRequest &request) {
        return request.method == method && request.target.find(target) != std::string::npos;
    }));
}

std::optional<HttpResponse> FakeRegistry::fault(const HttpRequest &request, bool after)
{
    for (auto &fault : faults_)
        if (fault.times > 0 && fault.after == after && !fault.take && fault.method == request.method &&
            target_of(request).find(fault.target) != std::string::npos) {
            --fault.times;
            return fault.response;
        }
    return std::nullopt;
}

std::optional<HttpEarly> FakeRegistry::early(const HttpRequest &request)
{
    const std::scoped_lock lock{mutex_};
    for (auto &fault : faults_)
        if (fault.times > 0 && fault.take && fault.method == request.method &&
            target_of(request).find(fault.target) != std::string::npos) {
            --fault.times;
            log_.push_back({request.method, target_of(request), request.header("Authorization"), "", 0});
            return HttpEarly{*fault.take, fault.response};
        }
    return std::nullopt;
}

HttpResponse FakeRegistry::handle(const HttpRequest &request)
{
    if (watcher_)
        watcher_(request);
    const std::scoped_lock lock{mutex_};
    log_.push_back({request.method, target_of(request), request.header("Authorization"),
                    request.header("Range"), request.body.size()});
    if (auto failed = fault(request, false))
        return *failed;
    auto response = dispatch(request);
    if (auto failed = fault(request, true))
        return *failed;
    return response;
}

HttpResponse FakeRegistry::dispatch(const HttpRequest &request)
{
    if (request.path == "/token")
        return give_token(request);
    if (request.path == "/v2/") {
        const auto refused = refuse(request, "");
        return refused ? *refused : HttpResponse{};
    }
    for (const std::string_view kind : {"/blobs/uploads/", "/blobs/", "/manifests/"}) {
        const auto at = request.path.find(kind);
        if (!request.path.starts_with("/v2/") || at == std::string::npos)
            continue;
        const auto repository = request.path.substr(4, at - 4);
        const auto tail = request.path.substr(at + kind.size());
        if (auto refused = refuse(request, repository))
            return *refused;
        if (kind == "/manifests/")
            return serve_manifest(request, repository, tail);
        if (kind == "/blobs/")
            return serve_blob(request, repository, tail);
        return tail.empty() ? start_upload(request, repository) : go_on(request, tail);
    }
    return {.status = 404, .body = "404 page not found"};
}

HttpResponse FakeRegistry::give_token(const HttpRequest &request)
{
    std::set<std::string> scopes;
    if (request.method == "POST") {
        HttpRequest form;
        form.query = request.body;
        if (form.parameter("grant_type") != "refresh_token" ||
            form.parameter("refresh_token") != options_.refresh_token)
            return {.status = 401,
                    .body =
                        R"({"error":"invalid_grant","error_description":"the refresh token is unknown"})"};
        const auto all = form.parameter("scope") + " ";
        for (std::size_t at = 0, end = 0; (end = all.find(' ', at)) != std::string::npos; at = end + 1)
            scopes.insert(all.substr(at, end - at));
    } else {
        const auto right = "Basic " + auth::base64_encode(options_.user + ":" + options_.password);
        if (!options_.user.empty() && request.header("Authorization") != right)
            return refusal(401, "UNAUTHORIZED", "incorrect username or password");
        const auto asked = request.parameters("scope");
        scopes.insert(asked.begin(), asked.end());
    }
    const auto token = "token-" + std::to_string(++counter_);
    tokens_[token] = scopes;
    return {.body = R"({"token":")" + token + R"(","expires_in":)" + std::to_string(options_.token_seconds) +
                    "}"};
}

std::optional<HttpResponse> FakeRegistry::refuse(const HttpRequest &request, const std::string &repository)
{
    using Login = FakeRegistryOptions::Login;
    const auto authorization = request.header("Authorization");
    if (options_.login == Login::none)
        return std::nullopt;
    auto answer = refusal(401, "UNAUTHORIZED", "authentication required");
    if (options_.login == Login::basic) {
        if (authorization == "Basic " + auth::base64_encode(options_.user + ":" + options_.password))
            return std::nullopt;
        answer.headers.emplace_back("Www-Authenticate", R"(Basic realm="fake")");
        return answer;
    }
    const auto needed = "repository:" + repository +
                        (request.method == "GET" || request.method == "HEAD" ? ":pull" : ":pull,push");
    if (authorization.starts_with("Bearer "))
        if (const auto found = tokens_.find(authorization.substr(7)); found != tokens_.end())
            for (const auto &scope : found->second)
                if (scope.starts_with(needed))
                    return std::nullopt;
    answer.headers.emplace_back("WWW-Authenticate", R"(bearer realm="http://)" + server_->host() +
                                                        R"(/token",service="fake",scope=")" + needed +
                                                        R"(")");
    return answer;
}

HttpResponse FakeRegistry::stored_bytes(const HttpRequest &request, const std::string &bytes) const
{
    const auto range = request.header("Range");
    if (!options_.ranges || !range.starts_with("bytes="))
        return {.body = bytes};
    const auto start = number(std::string_view{range}.substr(6));
    return {.status = 206,
            .headers = {{"Content-Range", "bytes " + std::to_string(start) + "-" +
                                              std::to_string(bytes.size() - 1) + "/" +
                                              std::to_string(bytes.size())}},
            .body = bytes.substr(start)};
}

HttpResponse FakeRegistry::serve_blob(const HttpRequest &request, const std::string &repository,
                                      const std::string &digest)
{
    const auto &blobs = repositories_[repository].blobs;
    const auto found = blobs.find(digest);
    if (found == blobs.end())
        return refusal(404, "BLOB_UNKNOWN", "blob unknown to registry");
    if (options_.blobs_elsewhere)
        return {.status = 307,
                .headers = {{"Location", storage_->url() + "/storage/" + digest + "?signature=secret"}}};
    return stored_bytes(request, found->second);
}

HttpResponse FakeRegistry::serve_manifest(const HttpRequest &request, const std::string &repository,
                                          const std::string &key)
{
    if (request.method == "PUT") {
        const auto digest = digest_of(request.body);
        auto &there = repositories_[repository];
        there.manifests[digest] = request.body;
        there.types[digest] = request.header("Content-Type");
        if (!key.starts_with("sha256:"))
            there.tags[key] = digest;
        return {.status = 201, .headers = {{"Docker-Content-Digest", digest}}};
    }
    const auto &there = repositories_[repository];
    const auto tag = there.tags.find(key);
    const auto digest = tag == there.tags.end() ? key : tag->second;
    const auto found = there.manifests.find(digest);
    if (found == there.manifests.end())
        return refusal(404, "MANIFEST_UNKNOWN", "manifest unknown");
    return {.headers = {{"Content-Type", there.types.at(digest)}, {"Docker-Content-Digest", digest}},
            .body = found->second};
}

std::string FakeRegistry::location(const std::string &id, const Session &session) const
{
    return (options_.absolute_locations ? server_->url() : "") + "/v2/" + session.repository +
           "/blobs/uploads/" + id + "?_state=" + std::to_string(session.state) + "%3D";
}

HttpResponse FakeRegistry::start_upload(const HttpRequest &request, const std::string &repository)
{
    const auto mount = request.parameter("mount"), from = request.parameter("from");
    if (options_.mounts && !mount.empty() && repositories_[from].blobs.contains(mount)) {
        repositories_[repository].blobs[mount] = repositories_[from].blobs[mount];
        return {.status = 201, .headers = {{"Location", "/v2/" + repository + "/blobs/" + mount}}};
    }
    if (request.header("Content-Length") != "0")
        return refusal(400, "SIZE_INVALID", "no Content-Length: 0");
    const auto id = "session-" + std::to_string(++counter_);
    auto &session = sessions_[id];
    session.repository = repository;
    HttpResponse response{.status = 202, .headers = {{"Location", location(id, session)}, {"Range", "0-0"}}};
    if (!options_.chunk_minimum.empty())
        response.headers.emplace_back("OCI-Chunk-Min-Length", options_.chunk_minimum);
    return response;
}

HttpResponse FakeRegistry::go_on(const HttpRequest &request, const std::string &id)
{
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || request.parameter("_state") != std::to_string(found->second.state) + "=")
        return refusal(404, "BLOB_UPLOAD_UNKNOWN", "no such upload, or an old address of it");
    if (request.method == "DELETE") {
        sessions_.erase(found);
        return {.status = 204};
    }
    if (request.method == "GET") {
        const auto size = found->second.bytes.size();
        return {.status = options_.ecr ? 404 : 204,
                .headers = {{"Location", location(id, found->second)},
                            {"Range", "0-" + std::to_string(size == 0 ? 0 : size - 1)}}};
    }
    auto answer = take_piece(request, id, found->second);
    return answer.status < 400 && request.method == "PUT" ? close_upload(request, id) : answer;
}

HttpResponse FakeRegistry::take_piece(const HttpRequest &request, const std::string &id, Session &session)
{
    const auto range = request.header("Content-Range");
    const auto start = range.empty() ? session.bytes.size() : number(range);
    const auto here = [&] {
        const auto end =
            options_.ecr && !session.parts.empty() ? session.parts.front() : session.bytes.size();
        return std::vector<std::pair<std::string, std::string>>{
            {"Location", location(id, session)}, {"Range", "0-" + std::to_string(end == 0 ? 0 : end - 1)}};
    };
    if (start != session.bytes.size()) {
        auto answer = refusal(416, "BLOB_UPLOAD_INVALID",
                              "First byte of the layer part is " + std::to_string(start) + " instead of " +
                                  std::to_string(session.bytes.size()));
        if (!options_.ecr) {
            answer.headers = here();
            answer.body.clear();
        }
        return answer;
    }
    const auto taken =
        request.method == "PUT" ? request.body.size() : std::min(request.body.size(), options_.most_taken);
    session.bytes += request.body.substr(0, taken);
    session.parts.push_back(taken);
    if (request.method != "PUT")
        ++session.state;
    return {.status = options_.ecr ? 201 : 202, .headers = here()};
}

HttpResponse FakeRegistry::close_upload(const HttpRequest &request, const std::string &id)
{
    const auto session = sessions_.at(id);
    sessions_.erase(id);
    const auto digest = request.parameter("digest");
    for (std::size_t i = 0; i + 1 < session.parts.size(); ++i)
        if (session.parts[i] < options_.least_part)
            return refusal(400, "BLOB_UPLOAD_INVALID",
                           "All layer parts except the last part should be at least 5MB");
    if (digest != digest_of(session.bytes))
        return refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    repositories_[session.repository].blobs[digest] = session.bytes;
    return {.status = 201, .headers = {{"Location", "/v2/" + session.repository + "/blobs/" + digest}}};
}

} // namespace mica::test
