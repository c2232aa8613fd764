#include "oci/reference.hh"

#include "io/hash.hh"
#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

namespace data = boost::unit_test::data;
using mica::Digest;
using mica::ErrorKind;
using mica::oci::Reference;
using mica::test::error_of;
using mica::test::kind_of;

namespace {

const std::string hex64(64, 'a');
const std::string digest_text = "sha256:" + hex64;

struct Name {
    std::string text, full, familiar;
    friend std::ostream &operator<<(std::ostream &out, const Name &name) { return out << name.text; }
};

const std::vector<Name> good{
    {"alpine", "docker.io/library/alpine:latest", "alpine:latest"},
    {"alpine:3.19", "docker.io/library/alpine:3.19", "alpine:3.19"},
    {"user/app", "docker.io/user/app:latest", "user/app:latest"},
    {"docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
    {"docker.io/library/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
    {"docker.io/a/b/c", "docker.io/a/b/c:latest", "a/b/c:latest"},
    {"docker.io/a.b/c", "docker.io/a.b/c:latest", "docker.io/a.b/c:latest"},
    {"docker.io/localhost/c", "docker.io/localhost/c:latest", "docker.io/localhost/c:latest"},
    {"docker.io/library/a.b", "docker.io/library/a.b:latest", "a.b:latest"},
    {"index.docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
    {"index.docker.io/user/app:1", "docker.io/user/app:1", "user/app:1"},
    {"library/distros/x", "docker.io/library/distros/x:latest", "library/distros/x:latest"},
    {"localhost/app", "localhost/app:latest", "localhost/app:latest"},
    {"localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"},
    {"localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest"},
    {"registry.example/app", "registry.example/app:latest", "registry.example/app:latest"},
    {"registry:80/app:v1", "registry:80/app:v1", "registry:80/app:v1"},
    {"127.0.0.1:5000/a/b:c", "127.0.0.1:5000/a/b:c", "127.0.0.1:5000/a/b:c"},
    {"[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest"},
    {"[fd00::2]/app", "[fd00::2]/app:latest", "[fd00::2]/app:latest"},
    {"UPPER/app", "UPPER/app:latest", "UPPER/app:latest"},
    {"Registry.Example/app", "Registry.Example/app:latest", "Registry.Example/app:latest"},
    {"xn--n3h.com/app", "xn--n3h.com/app:latest", "xn--n3h.com/app:latest"},
    {"a__b/c_d/e.f/g---h", "docker.io/a__b/c_d/e.f/g---h:latest", "a__b/c_d/e.f/g---h:latest"},
    {"app:_Tag.-1", "docker.io/library/app:_Tag.-1", "app:_Tag.-1"},
    {"app@" + digest_text, "docker.io/library/app@" + digest_text, "app@" + digest_text},
    {"r.io/app:1@" + digest_text, "r.io/app:1@" + digest_text, "r.io/app:1@" + digest_text},
    {hex64 + ":tag", "docker.io/library/" + hex64 + ":tag", hex64 + ":tag"},
    {hex64 + "a", "docker.io/library/" + hex64 + "a:latest", hex64 + "a:latest"},
    {"app:" + std::string(128, 't'), "docker.io/library/app:" + std::string(128, 't'),
     "app:" + std::string(128, 't')},
    {"r.io/" + std::string(255, 'a'), "r.io/" + std::string(255, 'a') + ":latest",
     "r.io/" + std::string(255, 'a') + ":latest"},
};

struct Bad {
    std::string text, says;
    friend std::ostream &operator<<(std::ostream &out, const Bad &bad)
    {
        return out << '"' << bad.text << '"';
    }
};

const std::vector<Bad> bad{
    {"", "empty"},
    {":tag", "not an image name"},
    {"@" + digest_text, "not an image name"},
    {"Alpine", "lower-case"},
    {"docker.io/Alpine", "lower-case"},
    {"user/App", "lower-case"},
    {hex64, "64 hex digits"},
    {"-alpine", "\"-alpine\""},
    {"alpine-", "\"alpine-\""},
    {"a..b", "\"a..b\""},
    {"a___b", "\"a___b\""},
    {"a._b", "\"a._b\""},
    {"a//b", "empty part"},
    {"/a", "empty part"},
    {"a/", "empty part"},
    {"r.io/", "repository is missing"},
    {"a b", "\"a b\""},
    {"a\nb", "not an image name"},
    {"app:", "tag"},
    {"app:.x", "tag"},
    {"app:-x", "tag"},
    {"app:a/b", "registry"},
    {"app:a:b", "tag"},
    {"app:" + std::string(129, 't'), "128"},
    {"r.io/" + std::string(256, 'a'), "255"},
    {"app@sha256:abc", "64 hex digits"},
    {"app@sha256:" + std::string(64, 'A'), "lower-case hex"},
    {"app@md5:" + std::string(32, 'a'), "not a digest"},
    {"app@sha512:" + std::string(128, 'a'), "sha512"},
    {"app@" + digest_text + ":tag", "64 hex digits"},
    {"my_host.com/app", "not a registry"},
    {"-host.com/app", "not a registry"},
    {"host-.com/app", "not a registry"},
    {"host..com/app", "not a registry"},
    {"host.com:/app", "not a registry"},
    {"host.com:port/app", "not a registry"},
    {"[::1/app", "not a registry"},
    {"[]/app:x", "not an image name"},
    {"[::g]/app", "not a registry"},
    {"::1/app", "not a registry"},
    {"http://r.io/app", "not an image name"},
    {"\xc3\xa9", "not an image name"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(reference)

BOOST_DATA_TEST_CASE(is_normalised, data::make(good), name)
{
    BOOST_TEST(Reference::parse(name.text).str() == name.full);
}

BOOST_DATA_TEST_CASE(has_a_familiar_form, data::make(good), name)
{
    BOOST_TEST(Reference::parse(name.text).familiar() == name.familiar);
}

BOOST_DATA_TEST_CASE(both_forms_mean_the_same, data::make(good), name)
{
    const auto reference = Reference::parse(name.text);
    BOOST_TEST((Reference::parse(reference.str()) == reference));
    BOOST_TEST((Reference::parse(reference.familiar()) == reference));
}

BOOST_DATA_TEST_CASE(what_is_no_name_is_refused, data::make(bad), name)
{
    const auto error = error_of([&] { (void)Reference::parse(name.text); });
    BOOST_TEST(error.kind() == ErrorKind::usage);
    BOOST_TEST(mica::test::contains(error.message(), name.says), error.message() << " lacks: " << name.says);
}

BOOST_AUTO_TEST_CASE(has_its_parts)
{
    const auto reference = Reference::parse("r.io:5000/team/app:v1@" + digest_text);
    BOOST_TEST(reference.registry() == "r.io:5000");
    BOOST_TEST(reference.repository() == "team/app");
    BOOST_TEST(reference.name() == "r.io:5000/team/app");
    BOOST_TEST(reference.tag().value() == "v1");
    BOOST_TEST(reference.digest().value().str() == digest_text);
}

BOOST_AUTO_TEST_CASE(a_digest_takes_no_default_tag)
{
    BOOST_TEST(!Reference::parse("app@" + digest_text).tag().has_value());
}

BOOST_AUTO_TEST_CASE(a_manifest_is_asked_for_by_digest_if_there_is_one)
{
    BOOST_TEST(Reference::parse("app:1").manifest_key() == "1");
    BOOST_TEST(Reference::parse("app:1@" + digest_text).manifest_key() == digest_text);
}

BOOST_AUTO_TEST_CASE(another_tag_drops_the_digest)
{
    BOOST_TEST(Reference::parse("r.io/app:1@" + digest_text).with_tag("2").str() == "r.io/app:2");
}

BOOST_AUTO_TEST_CASE(a_tag_that_is_none_is_refused)
{
    const auto reference = Reference::parse("app");
    BOOST_TEST(kind_of([&] { (void)reference.with_tag("a/b"); }) == ErrorKind::usage);
    BOOST_TEST(kind_of([&] { (void)reference.with_tag(""); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_digest_keeps_the_tag)
{
    const auto pinned = Reference::parse("r.io/app:1").with_digest(Digest::parse(digest_text));
    BOOST_TEST(pinned.str() == "r.io/app:1@" + digest_text);
}

BOOST_AUTO_TEST_CASE(random_names_are_refused_or_stable)
{
    std::mt19937 random{7};
    const std::string alphabet = "aZ09._-:/@[]%";
    int accepted = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (auto length = random() % 12; length > 0; --length)
            text += alphabet[random() % alphabet.size()];
        try {
            const auto reference = Reference::parse(text);
            ++accepted;
            BOOST_REQUIRE_MESSAGE(Reference::parse(reference.str()) == reference, text);
            BOOST_REQUIRE_MESSAGE(Reference::parse(reference.familiar()) == reference, text);
        } catch (const mica::Error &error) {
            BOOST_REQUIRE_MESSAGE(error.kind() == ErrorKind::usage, text);
        }
    }
    BOOST_TEST(accepted > 100);
}

BOOST_AUTO_TEST_SUITE_END()
