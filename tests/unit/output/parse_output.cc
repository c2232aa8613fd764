#include "output/output.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace data = boost::unit_test::data;
using namespace mica::output;
using mica::Compression;
using mica::ErrorKind;
using mica::test::contains;
using mica::test::error_of;

namespace {

struct Bad {
    std::string text, says;
    friend std::ostream &operator<<(std::ostream &out, const Bad &bad)
    {
        return out << '"' << bad.text << '"';
    }
};

const std::vector<Bad> bad{
    {"", "empty"},
    {"dest=x", "type is missing"},
    {"type=", "type is missing"},
    {"type=dokcer,dest=x", "did you mean \"docker\""},
    {"type=gha,dest=x", "there is registry, oci"},
    {"type=oci,destt=x", "did you mean \"dest\""},
    {"type=oci,color=red,dest=x", "\"color\""},
    {"type=oci,dest=x,tar=maybe", "neither true nor false"},
    {"type=oci,dest=x,oci-mediatypes=2", "neither true nor false"},
    {"type=oci", "needs a dest"},
    {"type=docker", "needs a dest"},
    {"type=local", "needs a dest"},
    {"type=tar", "needs a dest"},
    {"type=oci,dest=", "dest is empty"},
    {"type=oci,dest=x,dest=y", "twice"},
    {"type=oci,dest", "key=value"},
    {"type=oci,dest=-,tar=false", "standard output"},
    {"type=local,dest=-", "standard output"},
    {"type=docker,dest=x,tar=false", "tar=false"},
    {"type=local,dest=x,tar=true", "tar=true"},
    {"type=registry,dest=x", "no dest"},
    {"type=registry,push=false", "push=false"},
    {"type=oci,dest=x,push=true", "cannot be pushed"},
    {"type=image", "no image store"},
    {"type=image,push=false", "no image store"},
    {"type=registry,name=UPPER", "lower-case"},
    {"type=oci,dest=x,compression=estargz", "estargz"},
    {"type=oci,dest=x,compression-level=high", "not a number"},
    {"type=oci,dest=x,force-compression=true", "force-compression=true is not supported"},
    {"type=oci,dest=x,rewrite-timestamp=true", "SOURCE_DATE_EPOCH"},
    {"type=image,push=true,push-by-digest=true", "push-by-digest"},
    {"type=image,push=true,registry.insecure=true", "--insecure-registry"},
    {"type=local,dest=x,mode=delete", "mode=delete"},
    {"type=local,dest=x,platform-split=false", "platform-split"},
    {"type=local,dest=x,name=app", "no names"},
    {"type=tar,dest=x,compression=gzip", "compression"},
    {"type=oci,dest=x,annotation=1", "names no annotation"},
    {"type=oci,dest=x,annotation.=1", "names no annotation"},
    {"type=oci,dest=x,annotation[linux/amd64].a=1", "annotation[linux/amd64]"},
    {"type=oci,dest=x,annotation-index-descriptor.a=1", "annotation-index-descriptor"},
    {"type=oci,\"dest=x", "quote"},
    {"type=oci,,dest=x", "key=value"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(parse_output)

BOOST_DATA_TEST_CASE(what_is_wrong_is_refused_and_said, data::make(bad), b)
{
    const auto error = error_of([&] { (void)mica::output::parse_output(b.text); });
    BOOST_TEST(error.kind() == ErrorKind::usage);
    const auto all = error.message() + " | " + error.hint().value_or("");
    BOOST_TEST(contains(all, b.says), all << " lacks: " << b.says);
}

BOOST_AUTO_TEST_CASE(a_directory_alone_is_the_root_file_system)
{
    const auto spec = mica::output::parse_output("out/dir");
    BOOST_TEST((spec.type == OutputType::local));
    BOOST_TEST(spec.destination == "out/dir");
    BOOST_TEST(!spec.as_tar);
}

BOOST_AUTO_TEST_CASE(a_dash_alone_is_a_tar_to_standard_output)
{
    const auto spec = mica::output::parse_output("-");
    BOOST_TEST((spec.type == OutputType::tar));
    BOOST_TEST(spec.destination == "-");
    BOOST_TEST(spec.as_tar);
}

BOOST_AUTO_TEST_CASE(an_oci_output_is_an_archive_unless_told)
{
    BOOST_TEST(mica::output::parse_output("type=oci,dest=x").as_tar);
    BOOST_TEST(!mica::output::parse_output("type=oci,dest=x,tar=false").as_tar);
}

BOOST_AUTO_TEST_CASE(names_are_a_list_in_quotes)
{
    const auto spec = mica::output::parse_output("type=registry,\"name=r.io/a:1,b\",name=c");
    BOOST_TEST(spec.names.size() == 3U);
    BOOST_TEST(spec.names[0].str() == "r.io/a:1");
    BOOST_TEST(spec.names[1].str() == "docker.io/library/b:latest");
    BOOST_TEST(spec.names[2].familiar() == "c:latest");
}

BOOST_AUTO_TEST_CASE(a_pushed_image_is_a_registry_output)
{
    BOOST_TEST((mica::output::parse_output("type=image,push=true,name=a").type == OutputType::registry));
    BOOST_TEST((mica::output::parse_output("type=registry").type == OutputType::registry));
    BOOST_TEST((mica::output::parse_output("type=registry,push=true").type == OutputType::registry));
}

BOOST_AUTO_TEST_CASE(media_types_are_oci_unless_told)
{
    BOOST_TEST(mica::output::parse_output("type=registry").oci_media_types);
    BOOST_TEST(!mica::output::parse_output("type=registry,oci-mediatypes=false").oci_media_types);
}

BOOST_AUTO_TEST_CASE(compression_is_for_the_caller_to_heed)
{
    const auto spec = mica::output::parse_output("type=oci,dest=x,compression=zstd,compression-level=19");
    BOOST_TEST((spec.compression.value() == Compression::zstd));
    BOOST_TEST(spec.compression_level.value() == 19);
    BOOST_TEST(!mica::output::parse_output("type=oci,dest=x").compression.has_value());
}

BOOST_AUTO_TEST_CASE(annotations_go_to_the_manifest_or_the_index)
{
    const auto spec = mica::output::parse_output(
        "type=oci,dest=x,annotation.org.x.Y=1,annotation-manifest.b=2=3,\"annotation-index.c=4,5\"");
    BOOST_TEST((spec.annotations == mica::oci::Annotations{{"org.x.Y", "1"}, {"b", "2=3"}}));
    BOOST_TEST((spec.index_annotations == mica::oci::Annotations{{"c", "4,5"}}));
}

BOOST_AUTO_TEST_CASE(what_is_refused_may_be_refused_by_the_user)
{
    BOOST_CHECK_NO_THROW(
        (void)mica::output::parse_output("type=oci,dest=x,force-compression=false,rewrite-timestamp=false"));
    BOOST_CHECK_NO_THROW((void)mica::output::parse_output("type=local,dest=x,mode=copy"));
}

BOOST_AUTO_TEST_CASE(keys_are_read_in_any_case)
{
    BOOST_TEST(mica::output::parse_output("Type=oci, DEST=x").destination == "x");
}

BOOST_AUTO_TEST_SUITE_END()
