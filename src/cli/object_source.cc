#include "cli/object_source.hh"

#include "auth/objects/azure.hh"
#include "auth/objects/google.hh"
#include "auth/objects/s3.hh"
#include "base/clock.hh"
#include "context/url_text.hh"
#include <string>
#include <utility>

namespace mica::cli {

namespace {

constexpr std::string_view s3_scheme = "s3://", google_scheme = "gs://", https_scheme = "https://";
constexpr auto usual_name = "context.tar.gz";

/// "BUCKET/some/name".
std::pair<std::string, std::string> bucket_and_name(std::string_view text)
{
    const auto slash = text.find('/');
    std::string name{slash == std::string_view::npos ? "" : text.substr(slash + 1)};
    return {std::string{text.substr(0, slash)}, name.empty() ? usual_name : name};
}

class FromS3 final : public context::Requests {
public:
    FromS3(std::string_view text, const context::FetchAccess &access, const std::stop_token &stop)
        : keys_{access.network(), auth::Variables{access.environment}, clock_},
          object_{make(keys_, text, stop)}
    {
    }
    net::Request next() override { return object_.get(); }
    bool learn(int, const net::Headers &headers) override { return object_.learn(headers); }
    std::string login_hint() const override
    {
        if (!object_.why_no_keys().empty())
            return "there are no keys of AWS: " + object_.why_no_keys();
        return "the keys of AWS need the permission s3:GetObject for it";
    }

private:
    static auth::S3Object make(auth::aws::KeyRing &keys, std::string_view text, const std::stop_token &stop)
    {
        auto [bucket, key] = bucket_and_name(text);
        return {keys, std::move(bucket), std::move(key), stop};
    }

    SystemClock clock_;
    auth::aws::KeyRing keys_;
    auth::S3Object object_;
};

class FromGoogle final : public context::Requests {
public:
    FromGoogle(std::string_view text, const context::FetchAccess &access, std::stop_token stop)
        : variables_{access.environment}, network_{access.network()}, stop_{std::move(stop)},
          object_{bucket_and_name(text)}
    {
    }
    net::Request next() override
    {
        return auth::google_object(network_, variables_, clock_, object_.first, object_.second, stop_);
    }
    bool learn(int, const net::Headers &) override { return false; }
    std::string login_hint() const override
    {
        return "GOOGLE_APPLICATION_CREDENTIALS names credentials; they need storage.objects.get for it";
    }

private:
    SystemClock clock_;
    auth::Variables variables_;
    net::Client &network_;
    std::stop_token stop_;
    std::pair<std::string, std::string> object_;
};

class FromAzure final : public context::Requests {
public:
    FromAzure(std::string_view address, const context::FetchAccess &access, std::stop_token stop)
        : variables_{access.environment}, network_{access.network()}, stop_{std::move(stop)},
          address_{net::Url::parse(address)}
    {
    }
    net::Request next() override { return auth::azure_blob(network_, variables_, clock_, address_, stop_); }
    bool learn(int, const net::Headers &) override { return false; }
    std::string login_hint() const override
    {
        return "AZURE_STORAGE_ACCESS_KEY is the key of a storage account; an address with a signature (SAS) "
               "or an "
               "identity that may read blobs does, too";
    }

private:
    SystemClock clock_;
    auth::Variables variables_;
    net::Client &network_;
    std::stop_token stop_;
    net::Url address_;
};

bool is_azure(std::string_view context)
{
    auto host = context::split_url(context).authority;
    return context.starts_with(https_scheme) && auth::is_azure_storage(host);
}

} // namespace

bool is_object(std::string_view context)
{
    return context.starts_with(s3_scheme) || context.starts_with(google_scheme) || is_azure(context);
}

std::unique_ptr<context::Requests>
object_requests(std::string_view context, const context::FetchAccess &access, const std::stop_token &stop)
{
    if (context.starts_with(s3_scheme))
        return std::make_unique<FromS3>(context.substr(s3_scheme.size()), access, stop);
    if (context.starts_with(google_scheme))
        return std::make_unique<FromGoogle>(context.substr(google_scheme.size()), access, stop);
    return std::make_unique<FromAzure>(context, access, stop);
}

} // namespace mica::cli
