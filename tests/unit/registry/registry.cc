// What a program may set and ask for: mirrors, the check before a push, tags, notes, fallbacks.
#include "registry/registry.hh"

#include "fixture.hh"
#include "registry/mirrors.hh"
#include "registry/server_notes.hh"
#include <algorithm>
#include <vector>

using namespace mica;
using namespace mica::test;
using mica::registry::Settings;

namespace {

constexpr const char *manifest_type = "application/vnd.oci.image.manifest.v1+json";
constexpr const char *manifest =
    R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",)"
    R"("digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",)"
    R"("size":0},"layers":[]})";

class Notes final : public EventBus {
public:
    void publish(EventBody body) noexcept override
    {
        if (const auto *note = std::get_if<event::Note>(&body))
            texts.push_back(note->text);
    }
    [[nodiscard]] bool say(std::string_view part) const
    {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const auto &text) { return text.find(part) != std::string::npos; });
    }
    std::vector<std::string> texts;
};

struct Program {
    explicit Program(FakeRegistryOptions fake = {}, std::optional<auth::Credential> known = std::nullopt)
        : registry{std::move(fake)}, login{std::move(known)}
    {
        settings.options = quick();
        settings.bus = &notes;
    }
    registry::Registry &client()
    {
        if (!made)
            made = registry::make_registry(settings, login, network);
        return *made;
    }
    [[nodiscard]] oci::Reference image(const std::string &name) const
    {
        return oci::Reference::parse(registry.host() + "/" + name);
    }

    FakeRegistry registry;
    Notes notes;
    FixedLogin login;
    net::Client network;
    Settings settings;
    std::unique_ptr<registry::Registry> made;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_mirror_has_the_image_below_its_prefix)
{
    const auto place = registry::mirrored(oci::Reference::parse("alpine:3"), "mirror.example:5000/hub");
    BOOST_TEST(place.str() == "mirror.example:5000/hub/library/alpine:3");
}

BOOST_AUTO_TEST_CASE(a_mirror_is_asked_instead_of_the_registry)
{
    Program f;
    f.registry.add_manifest("hub/app", "1", manifest, manifest_type);
    f.settings.mirrors = {{"registry.invalid", {f.registry.host() + "/hub"}}};
    BOOST_TEST(f.client().manifest(oci::Reference::parse("registry.invalid/app:1"), {}).has_value());
}

BOOST_AUTO_TEST_CASE(what_a_mirror_has_not_got_comes_from_the_registry)
{
    Program f;
    f.registry.add_manifest("app", "1", manifest, manifest_type);
    f.settings.mirrors = {{f.registry.host(), {"127.0.0.1:1", f.registry.host() + "/hub"}}};
    BOOST_TEST(f.client().manifest(f.image("app:1"), {}).has_value());
    BOOST_TEST(f.notes.say("mirror 127.0.0.1:1"));
    BOOST_TEST(f.notes.say("is not there"));
}

BOOST_AUTO_TEST_CASE(a_registry_with_mirrors_may_be_left_alone)
{
    Program f;
    f.registry.add_manifest("app", "1", manifest, manifest_type);
    f.settings.mirrors = {{f.registry.host(), {f.registry.host() + "/hub"}}};
    f.settings.only_mirrors = true;
    BOOST_TEST(!f.client().manifest(f.image("app:1"), {}).has_value());
}

BOOST_AUTO_TEST_CASE(the_check_of_a_push_leaves_no_upload_behind)
{
    Program f;
    f.client().check_push(f.image("app:1"), {});
    BOOST_TEST(f.registry.count("POST", "/uploads/") == 1U);
    BOOST_TEST(f.registry.count("DELETE", "/uploads/") == 1U);
}

BOOST_AUTO_TEST_CASE(the_check_of_a_push_finds_what_is_missing)
{
    Program f;
    f.registry.fail(
        {.method = "POST",
         .target = "/uploads/",
         .response = {.status = 404, .body = R"({"errors":[{"code":"NAME_UNKNOWN","message":"no such"}]})"}});
    const auto error = error_of([&] { f.client().check_push(f.image("app:1"), {}); });
    BOOST_CHECK(error.kind() == ErrorKind::not_found);
    BOOST_TEST(says(error, "no such"));
}

BOOST_AUTO_TEST_CASE(the_source_of_a_login_is_told_once_and_without_the_secret)
{
    Program f{{.login = FakeRegistryOptions::Login::basic, .user = "me", .password = "hidden"},
              basic("me", "hidden")};
    f.client().check_login(f.image("login"), {});
    f.client().check_login(f.image("login"), {});
    BOOST_TEST(f.notes.texts.size() == 1U);
    BOOST_TEST(f.notes.say("logged in with a test"));
    BOOST_TEST(!f.notes.say("hidden"));
}

BOOST_AUTO_TEST_CASE(a_wrong_login_is_found_out)
{
    Program f{{.login = FakeRegistryOptions::Login::basic, .user = "me", .password = "right"},
              basic("me", "wrong")};
    BOOST_CHECK(error_of([&] { f.client().check_login(f.image("login"), {}); }).kind() == ErrorKind::denied);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_takes_no_large_requests_gets_pieces)
{
    Program f;
    f.registry.fail({.method = "PUT", .target = "/uploads/", .response = {.status = 413}});
    MemoryBlobs blobs;
    const auto bytes = pattern(3'000'000);
    const auto blob = blobs.add(bytes);
    BOOST_CHECK(f.client().put_blob(f.image("app:1"), blob, blobs, {}) == registry::BlobPlacement::uploaded);
    BOOST_TEST((f.registry.blob("app", blob.digest.str()) == bytes));
    BOOST_TEST(f.registry.count("PATCH", "/uploads/") >= 2U);
}

BOOST_AUTO_TEST_CASE(warnings_of_servers_are_told_once)
{
    Notes notes;
    registry::ServerNotes told{&notes};
    const net::Headers headers{{"Warning", "299 - \"tokens will end\""}, {"Warning", "199 - \"nothing\""}};
    told.look_at("r.example", headers);
    told.look_at("r.example", headers);
    BOOST_TEST(notes.texts.size() == 1U);
    BOOST_TEST(notes.say("tokens will end"));
}

BOOST_AUTO_TEST_CASE(the_last_pulls_of_a_limit_are_told)
{
    Notes notes;
    registry::ServerNotes told{&notes};
    told.look_at("hub.example", {{"ratelimit-limit", "100;w=21600"}, {"ratelimit-remaining", "76;w=21600"}});
    BOOST_TEST(notes.texts.empty());
    told.look_at("hub.example", {{"ratelimit-limit", "100;w=21600"}, {"ratelimit-remaining", "3;w=21600"}});
    BOOST_TEST(notes.say("allows 3 more pulls"));
}

BOOST_AUTO_TEST_CASE(a_registry_that_may_have_tls_is_asked_once_and_spoken_to_as_it_answers)
{
    Program f;
    f.settings.tls_registries = {"*"};
    f.registry.add_manifest("app", "1", manifest, manifest_type);
    BOOST_TEST(f.client().manifest(f.image("app:1"), {}).has_value());
    BOOST_TEST(f.client().manifest(f.image("app:1"), {}).has_value());
    BOOST_TEST(f.registry.count("GET", "/manifests/") == 2U);
}
