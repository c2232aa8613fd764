#pragma once
/// @file
/// A client and a registry that it talks to.
#include "base/error.hh"
#include "io/hash.hh"
#include "net/client.hh"
#include "registry/client.hh"
#include "support/fake_registry.hh"
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mica::test {

class FixedLogin final : public auth::CredentialProvider {
public:
    explicit FixedLogin(std::optional<auth::Credential> login) : login_{std::move(login)} {}
    [[nodiscard]] std::optional<auth::Credential> find(const oci::Reference &) override
    {
        ++asked;
        return login_;
    }
    std::atomic<int> asked = 0;

private:
    std::optional<auth::Credential> login_;
};

class MemoryBlobs final : public oci::BlobReader {
public:
    oci::Descriptor add(const std::string &bytes, oci::MediaType type = oci::MediaType::oci_layer)
    {
        const auto digest = sha256(bytes);
        bytes_.insert_or_assign(digest, bytes);
        return {.media_type = type, .digest = digest, .size = bytes.size()};
    }
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &) const override
    {
        ++opened;
        return std::make_unique<VerifyingSource>(std::make_unique<StringSource>(bytes_.at(blob.digest)),
                                                 blob.digest, blob.size);
    }
    [[nodiscard]] std::optional<oci::Reference> repository() const override { return from; }

    mutable std::atomic<int> opened = 0;
    std::optional<oci::Reference> from;

private:
    std::map<Digest, std::string> bytes_;
};

inline auth::Credential basic(const std::string &user, const std::string &password)
{
    return {auth::Basic{user, password}, "a test"};
}

inline registry::Options quick(registry::Options options = {})
{
    using namespace std::chrono_literals;
    options.retry = {.attempts = 4, .first_delay = 1ms, .longest_delay = 2ms, .longest_retry_after = 1500ms};
    return options;
}

struct Fixture {
    explicit Fixture(FakeRegistryOptions fake = {}, std::optional<auth::Credential> known = std::nullopt,
                     registry::Options options = {})
        : registry{std::move(fake)}, login{std::move(known)},
          client{registry::make_client(quick(std::move(options)), login)}
    {
    }
    [[nodiscard]] oci::Reference image(const std::string &name) const
    {
        return oci::Reference::parse(registry.host() + "/" + name);
    }

    FakeRegistry registry;
    FixedLogin login;
    std::unique_ptr<registry::Client> client;
};

inline std::string pattern(std::size_t size, unsigned seed = 0)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>((i * 31 + i / 997 + seed) & 0xff);
    return bytes;
}

/// The error that the body ends with.
template <class Body> Error error_of(Body &&body)
{
    try {
        body();
    } catch (const Error &error) {
        return error;
    }
    BOOST_FAIL("there was no error");
    return Error{ErrorKind::internal, ""};
}

inline bool says(const Error &error, std::string_view text)
{
    auto all = error.message() + "\n" + error.hint().value_or("");
    for (const auto &frame : error.context())
        all += "\n" + frame;
    BOOST_TEST_MESSAGE(all);
    return all.find(text) != std::string::npos;
}

} // namespace mica::test
