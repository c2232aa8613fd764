#include "cli/values.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;
namespace data = boost::unit_test::data;

namespace {

constexpr auto digest_text = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

bool is_usage(const Error &error)
{
    return error.kind() == ErrorKind::usage;
}

exec::LayoutContext layout(const std::string &text)
{
    return std::get<exec::LayoutContext>(parse_build_context(text).second);
}

} // namespace

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(a_layout_by_path_alone)
{
    const auto context = layout("alpine=oci-layout:///srv/a:b/alpine");
    BOOST_TEST(context.path == "/srv/a:b/alpine");
    BOOST_TEST(context.reference.empty());
}

BOOST_AUTO_TEST_CASE(a_layout_with_a_tag)
{
    const auto context = layout("alpine=oci-layout://dir/alpine:3.20");
    BOOST_TEST(context.path == "dir/alpine");
    BOOST_TEST(context.reference == "3.20");
}

BOOST_AUTO_TEST_CASE(a_layout_with_a_digest)
{
    const auto context = layout(std::string{"alpine=oci-layout://dir/alpine:3.20@"} + digest_text);
    BOOST_TEST(context.path == "dir/alpine");
    BOOST_TEST(context.reference == digest_text);
}

BOOST_AUTO_TEST_CASE(an_image_is_normalised)
{
    const auto [name, context] = parse_build_context("base=docker-image://alpine");
    BOOST_TEST(name == "base");
    BOOST_TEST(std::get<exec::ImageContext>(context).reference == "docker.io/library/alpine:latest");
}

BOOST_AUTO_TEST_CASE(a_directory_must_be_one)
{
    BOOST_TEST(std::get<exec::DirectoryContext>(parse_build_context("x=/").second).path == "/");
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_build_context("x=/no/such/directory")), Error, is_usage);
}

BOOST_DATA_TEST_CASE(contexts_that_cannot_be, data::make(std::vector<std::string>{
                                                  "x", "x=", "=dir", "x=s3://bucket/a.tar", "x=oci-layout://",
                                                  "x=oci-layout://p@md5:00", "x=docker-image://UPPER"}))
{
    BOOST_CHECK_THROW(static_cast<void>(parse_build_context(sample)), Error);
}

BOOST_DATA_TEST_CASE(hosts,
                     data::make(std::vector<std::string>{"db:10.0.0.1", "db=10.0.0.1", "db:::1", "db=::1",
                                                         "db:[::1]"}) ^
                         data::make(std::vector<std::string>{"10.0.0.1", "10.0.0.1", "::1", "::1", "::1"}),
                     text, address)
{
    BOOST_TEST(parse_extra_host(text).first == "db");
    BOOST_TEST(parse_extra_host(text).second == address);
}

BOOST_DATA_TEST_CASE(hosts_that_cannot_be, data::make(std::vector<std::string>{
                                               "db", ":1.2.3.4", "db:", "db:host-gateway", "db:1.2.3"}))
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_extra_host(sample)), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(annotations_are_on_the_manifest)
{
    const std::pair<std::string, std::string> expected{"org.x", "a=b"};
    BOOST_TEST((parse_annotation("org.x=a=b") == expected));
    BOOST_TEST((parse_annotation("manifest:org.x=a=b") == expected));
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_annotation("index:org.x=y")), Error, is_usage);
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_annotation("org.x")), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(a_name_without_value_differs_from_an_empty_one)
{
    BOOST_TEST(!parse_name_value("A").value.has_value());
    BOOST_TEST(parse_name_value("A=").value.value() == "");
    BOOST_TEST(parse_name_value("A=b=c").value.value() == "b=c");
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_name_value("=b")), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(a_wrong_word_is_answered_with_the_right_ones)
{
    try {
        static_cast<void>(parse_progress("plan"));
        BOOST_FAIL("was accepted");
    } catch (const Error &error) {
        BOOST_TEST(error.message() == "\"plan\" is none of auto, plain, tty, json, quiet");
        BOOST_TEST(error.hint().value() == "did you mean plain?");
    }
}

BOOST_AUTO_TEST_CASE(no_compression_has_two_names)
{
    BOOST_TEST((parse_compression("none") == Compression::none));
    BOOST_TEST((parse_compression("uncompressed") == Compression::none));
}

BOOST_AUTO_TEST_CASE(levels_fit_their_compression)
{
    BOOST_TEST(checked_compression(Compression::zstd, 19).level.value() == 19);
    BOOST_TEST(!checked_compression(Compression::gzip, std::nullopt).level.has_value());
    BOOST_CHECK_EXCEPTION(static_cast<void>(checked_compression(Compression::gzip, 10)), Error, is_usage);
    BOOST_CHECK_EXCEPTION(static_cast<void>(checked_compression(Compression::none, 1)), Error, is_usage);
}

BOOST_DATA_TEST_CASE(numbers_that_are_none,
                     data::make(std::vector<std::string>{"", "x", "1x", " 1", "0", "11", "1e3"}))
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_number(sample, 1, 10)), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(the_epoch_is_in_seconds)
{
    BOOST_TEST(format_rfc3339(parse_source_date_epoch("1700000000")) == "2023-11-14T22:13:20Z");
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_source_date_epoch("-1")), Error, is_usage);
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_source_date_epoch("99999999999")), Error, is_usage);
}

BOOST_AUTO_TEST_SUITE_END()
