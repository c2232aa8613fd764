#include "dockerfile/mount_flag.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;

Mount read(std::string text)
{
    return parse_mount({std::move(text)}, [](std::string_view value) { return std::string{value}; });
}

const Row refused[] = {
    {"type=nope,target=/x", "unsupported mount type \"nope\""},
    {"type=cach,target=/x", "did you mean cache?"},
    {"target", "invalid field 'target' must be a key=value pair"},
    {"nope", "must be a key=value pair"},
    {"traget=/x", "unexpected key 'traget' in 'traget=/x' (did you mean target?)"},
    {"ro=maybe", "invalid value for ro: maybe"},
    {"required", "unexpected key 'required' for mount type 'bind'"},
    {"type=cache,required=true", "unexpected key 'required' for mount type 'cache'"},
    {"type=cache,size=1g", "unexpected key 'size' for mount type 'cache'"},
    {"type=tmpfs,size=big", "invalid value for size: big"},
    {"type=cache,sharing=some", "unsupported sharing value \"some\""},
    {"type=cache,sharing=share", "did you mean shared?"},
    {"type=bind,sharing=shared", "invalid cache sharing set for bind mount"},
    {"type=bind,mode=0600", "mode not allowed for \"bind\" type mounts"},
    {"type=tmpfs,uid=1", "uid not allowed for \"tmpfs\" type mounts"},
    {"type=cache,mode=999", "invalid value 999 for mode"},
    {"type=cache,uid=-1", "invalid value -1 for uid"},
    {"type=cache,gid=99999999999", "invalid value 99999999999 for gid"},
    {"type=cache,mode=", "invalid value  for mode"},
    {"type=secret", "one of source, target required"},
    {"type=secret,id=a,from=b", "should not have a from"},
    {"type=secret,id=a,sharing=locked", "should not define sharing"},
    {"type=secret,id=a,src=b", "both source and id"},
    {"type=cache,env=A", "env not allowed for \"cache\" type mounts"},
    {"from=$x", "'from' doesn't support variable expansion"},
    {"", "it is empty"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(mount_flag)

BOOST_AUTO_TEST_CASE(a_bind_mount_is_the_default_and_read_only)
{
    const auto mount = read("from=base,source=/a,target=/b");
    BOOST_TEST((mount.kind == MountKind::bind));
    BOOST_TEST(mount.from == "base");
    BOOST_TEST(mount.source == "/a");
    BOOST_TEST(mount.target == "/b");
    BOOST_TEST(mount.read_only);
}

BOOST_AUTO_TEST_CASE(caches_and_tmpfs_are_writable)
{
    BOOST_TEST(!read("type=cache,target=/x").read_only);
    BOOST_TEST(!read("type=tmpfs,target=/x").read_only);
    BOOST_TEST(read("type=secret,id=x").read_only);
    BOOST_TEST(read("type=ssh").read_only);
}

BOOST_AUTO_TEST_CASE(access_can_be_told_in_many_ways)
{
    for (const auto *text : {"rw", "readwrite", "rw=true", "ro=false", "readonly=0"})
        BOOST_TEST(!read(text).read_only, text);
    for (const auto *text :
         {"type=cache,ro", "type=cache,readonly", "type=cache,rw=false", "ro=1,type=cache"})
        BOOST_TEST(read(text).read_only, text);
}

BOOST_AUTO_TEST_CASE(keys_have_short_forms_and_any_case)
{
    BOOST_TEST(read("SRC=a,Dst=b").source == "a");
    BOOST_TEST(read("destination=b").target == "b");
    BOOST_TEST((read("type=CACHE,target=/x").kind == MountKind::cache));
}

BOOST_AUTO_TEST_CASE(the_last_of_equal_keys_counts)
{
    BOOST_TEST(read("target=/a,dst=/b").target == "/b");
}

BOOST_AUTO_TEST_CASE(the_order_of_keys_does_not_matter)
{
    BOOST_TEST(read("required,id=a,type=secret").required);
    BOOST_TEST(read("size=1k,target=/x,type=tmpfs").size == 1024U);
}

BOOST_AUTO_TEST_CASE(numbers_are_typed)
{
    const auto mount = read("type=cache,target=/x,mode=0755,uid=1000,gid=4294967295,sharing=Locked,id=k");
    BOOST_TEST(mount.mode.value() == 0755U);
    BOOST_TEST(mount.uid.value() == 1000U);
    BOOST_TEST(mount.gid.value() == 4294967295U);
    BOOST_TEST((mount.sharing.value() == MountSharing::locked));
    BOOST_TEST(mount.id == "k");
}

BOOST_AUTO_TEST_CASE(a_secret_may_be_a_variable)
{
    BOOST_TEST(read("type=secret,id=a,env=B").env.value() == "B");
    BOOST_TEST(read("type=secret,id=a,env=").env.value() == "");
    BOOST_TEST(!read("type=secret,id=a").env);
}

BOOST_AUTO_TEST_CASE(a_quoted_field_may_hold_a_comma)
{
    BOOST_TEST(read("\"target=/a,b\",ro").target == "/a,b");
}

BOOST_AUTO_TEST_CASE(values_are_expanded_before_they_are_judged)
{
    const auto mount = parse_mount({"type=$t,target=$d"}, [](std::string_view value) {
        return std::string{value == "$t" ? "tmpfs" : "/tmp"};
    });
    BOOST_TEST((mount.kind == MountKind::tmpfs));
    BOOST_TEST(mount.target == "/tmp");
}

BOOST_AUTO_TEST_CASE(a_dollar_at_the_end_of_from_is_no_variable)
{
    BOOST_TEST(read("from=a$").from == "a$");
}

BOOST_DATA_TEST_CASE(a_bad_mount_is_refused, data::make(refused), row)
{
    const auto message = failure([&] { return read(row.input); });
    BOOST_TEST(contains(message, row.output), message);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
