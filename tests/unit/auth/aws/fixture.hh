#pragma once
/// @file
/// A machine with environment, files and AWS's services on a loopback port.
#include "auth/aws/find_keys.hh"
#include "auth/aws/key_ring.hh"
#include "base/error.hh"
#include "io/fd.hh"
#include "net/client.hh"
#include "support/http_server.hh"
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

namespace mica::test {

/// Answers by "METHOD /path"; a list of answers is used up but for its last.
class FakeAws {
public:
    FakeAws() : server_{[this](const HttpRequest &request) { return answer(request); }} {}

    void on(const std::string &what, std::vector<HttpResponse> answers)
    {
        answers_[what] = std::move(answers);
    }
    [[nodiscard]] std::string url() const { return server_.url(); }
    [[nodiscard]] std::vector<HttpRequest> log()
    {
        const std::scoped_lock lock{mutex_};
        return log_;
    }

private:
    HttpResponse answer(const HttpRequest &request)
    {
        const std::scoped_lock lock{mutex_};
        log_.push_back(request);
        const auto found = answers_.find(request.method + " " + request.path);
        if (found == answers_.end())
            return {.status = 404};
        auto now = found->second.front();
        if (found->second.size() > 1)
            found->second.erase(found->second.begin());
        return now;
    }

    std::mutex mutex_;
    std::map<std::string, std::vector<HttpResponse>> answers_;
    std::vector<HttpRequest> log_;
    HttpServer server_;
};

struct Machine {
    Machine() : home{std::filesystem::temp_directory_path() / ("mica-aws-" + std::to_string(::getpid()))}
    {
        std::filesystem::create_directories(home / ".aws/sso/cache");
        variables = {{"HOME", home.string()},
                     {"AWS_ENDPOINT_URL", aws.url()},
                     {"AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.url()}};
    }
    Machine(const Machine &) = delete;
    Machine &operator=(const Machine &) = delete;
    ~Machine() { std::filesystem::remove_all(home); }

    void file(const std::string &name, const std::string &text) const
    {
        write_file_atomically(home / name, text, 0600);
    }

    std::optional<auth::aws::Keys> find()
    {
        const auth::Variables all{variables};
        const auto profiles = auth::aws::Profiles::load(all);
        return auth::aws::find_keys({network, all, profiles, clock, "eu-central-1", {}}, why);
    }

    std::filesystem::path home;
    FakeAws aws;
    std::map<std::string, std::string> variables;
    net::Client network;
    FixedClock clock{parse_rfc3339("2026-01-01T00:00:00Z")};
    std::string why;
};

inline HttpResponse sts_keys(const std::string &id)
{
    return {.body = "<R><Credentials><AccessKeyId>" + id +
                    "</AccessKeyId><SecretAccessKey>s&amp;c</SecretAccessKey><SessionToken>t</SessionToken>"
                    "<Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></R>"};
}

inline HttpResponse json_keys(const std::string &id, const std::string &extra = "")
{
    return {.body = R"({"AccessKeyId":")" + id +
                    R"(","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-01T01:00:00Z")" + extra +
                    "}"};
}

} // namespace mica::test
