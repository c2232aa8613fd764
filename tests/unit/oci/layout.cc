#include "oci/layout.hh"

#include "io/fd.hh"
#include "io/hash.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mica::oci;
using mica::as_bytes;
using mica::Digest;
using mica::ErrorKind;
using mica::read_all;
using mica::read_file;
using mica::sha256;
using mica::test::kind_of;
using mica::test::TemporaryDirectory;

namespace {

Descriptor describe(const StoredBlob &blob)
{
    return {.media_type = MediaType::oci_manifest, .digest = blob.digest, .size = blob.size};
}

struct Fixture {
    TemporaryDirectory directory;
    std::shared_ptr<Layout> layout = Layout::open_or_create(directory / "layout");

    std::filesystem::path blob_path(const Digest &digest)
    {
        return directory / "layout/blobs/sha256" / digest.hex();
    }
    std::size_t files_in_blobs()
    {
        const auto all = std::filesystem::directory_iterator{directory / "layout/blobs/sha256"};
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(layout, Fixture)

BOOST_AUTO_TEST_CASE(a_new_one_has_the_files_of_the_spec)
{
    BOOST_TEST(read_file(directory / "layout/oci-layout") == R"({"imageLayoutVersion":"1.0.0"})");
    BOOST_TEST(read_file(directory / "layout/index.json") ==
               R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})");
    BOOST_TEST(std::filesystem::is_directory(directory / "layout/blobs/sha256"));
    BOOST_TEST(layout->manifests().empty());
}

BOOST_AUTO_TEST_CASE(an_existing_one_is_kept)
{
    const auto blob = layout->put("x");
    layout->tag(describe(blob), "name");
    BOOST_TEST(Layout::open_or_create(directory / "layout")->manifests().size() == 1U);
    BOOST_TEST(Layout::open_existing(directory / "layout")->contains(blob.digest));
}

BOOST_AUTO_TEST_CASE(what_is_not_one_is_not_opened)
{
    BOOST_TEST(kind_of([&] { (void)Layout::open_existing(directory.path()); }) == ErrorKind::not_found);
    BOOST_TEST(kind_of([&] { (void)Layout::open_existing(directory / "nowhere"); }) == ErrorKind::not_found);
}

BOOST_AUTO_TEST_CASE(another_version_is_refused)
{
    std::ofstream{directory / "layout/oci-layout"} << R"({"imageLayoutVersion":"2.0.0"})";
    BOOST_TEST(kind_of([&] { (void)Layout::open_existing(directory / "layout"); }) == ErrorKind::unsupported);
}

BOOST_AUTO_TEST_CASE(a_blob_is_named_by_its_content)
{
    const auto stored = layout->put("hello");
    BOOST_TEST((stored.digest == sha256("hello")));
    BOOST_TEST(stored.size == 5U);
    BOOST_TEST(layout->contains(stored.digest));
    BOOST_TEST(read_file(blob_path(stored.digest)) == "hello");
    BOOST_TEST(read_all(*layout->open(describe(stored), {})) == "hello");
}

BOOST_AUTO_TEST_CASE(a_blob_is_readable_as_the_umask_allows)
{
    const auto mask = ::umask(022);
    const auto stored = layout->put("hello");
    ::umask(mask);
    const auto mode = std::filesystem::status(blob_path(stored.digest)).permissions();
    BOOST_TEST(static_cast<unsigned>(mode) == 0644U);
}

BOOST_AUTO_TEST_CASE(a_blob_is_not_there_before_it_is_committed)
{
    const auto writer = layout->create();
    writer->write(as_bytes("hello"));
    writer->finish();
    BOOST_TEST(!layout->contains(sha256("hello")));
    (void)writer->commit();
    BOOST_TEST(layout->contains(sha256("hello")));
}

BOOST_AUTO_TEST_CASE(an_abandoned_blob_leaves_nothing)
{
    {
        const auto writer = layout->create();
        writer->write(as_bytes("hello"));
        writer->finish();
    }
    BOOST_TEST(files_in_blobs() == 0U);
}

BOOST_AUTO_TEST_CASE(commit_comes_once_and_after_finish)
{
    const auto writer = layout->create();
    BOOST_TEST(kind_of([&] { (void)writer->commit(); }) == ErrorKind::internal);
    writer->finish();
    (void)writer->commit();
    BOOST_TEST(kind_of([&] { (void)writer->commit(); }) == ErrorKind::internal);
    BOOST_TEST(kind_of([&] { writer->write(as_bytes("x")); }) == ErrorKind::internal);
}

BOOST_AUTO_TEST_CASE(the_same_blob_twice_is_one)
{
    (void)layout->put("hello");
    (void)layout->put("hello");
    BOOST_TEST(files_in_blobs() == 1U);
}

BOOST_AUTO_TEST_CASE(a_damaged_blob_is_told_at_its_end)
{
    const auto stored = layout->put("hello");
    std::ofstream{blob_path(stored.digest)} << "hellO";
    const auto source = layout->open(describe(stored), {});
    BOOST_TEST(kind_of([&] { (void)read_all(*source); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_blob_of_another_size_is_told_at_once)
{
    const auto stored = layout->put("hello");
    std::ofstream{blob_path(stored.digest)} << "hell";
    BOOST_TEST(kind_of([&] { (void)layout->open(describe(stored), {}); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_damaged_blob_is_healed_by_writing_it_again)
{
    const auto stored = layout->put("hello");
    std::ofstream{blob_path(stored.digest)} << "hellO";
    (void)layout->put("hello");
    BOOST_TEST(read_all(*layout->open(describe(stored), {})) == "hello");
}

BOOST_AUTO_TEST_CASE(a_missing_blob_is_told)
{
    const Descriptor nothing{.media_type = MediaType::oci_layer, .digest = sha256("nothing"), .size = 7};
    BOOST_TEST(!layout->contains(nothing.digest));
    BOOST_TEST(kind_of([&] { (void)layout->open(nothing, {}); }) == ErrorKind::not_found);
}

BOOST_AUTO_TEST_CASE(a_name_finds_its_manifest)
{
    const auto blob = describe(layout->put("a"));
    layout->tag(blob, "v1");
    BOOST_TEST((layout->find("v1").value().digest == blob.digest));
    BOOST_TEST(layout->find("v1").value().annotations.at("org.opencontainers.image.ref.name") == "v1");
    BOOST_TEST(!layout->find("v1").value().annotations.contains("io.containerd.image.name"));
    BOOST_TEST(!layout->find("v2").has_value());
}

BOOST_AUTO_TEST_CASE(a_name_moves)
{
    layout->tag(describe(layout->put("a")), "v1");
    layout->tag(describe(layout->put("b")), "v1");
    BOOST_TEST((layout->find("v1").value().digest == sha256("b")));
    BOOST_TEST(layout->manifests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_manifest_may_have_several_names)
{
    const auto blob = describe(layout->put("a"));
    layout->tag(blob, "v1");
    layout->tag(blob, "v2");
    BOOST_TEST(layout->manifests().size() == 2U);
    BOOST_TEST((layout->find("v1").value().digest == blob.digest));
}

BOOST_AUTO_TEST_CASE(a_full_name_is_one_for_containerd_too)
{
    layout->tag(describe(layout->put("a")), "docker.io/library/app:1");
    const auto found = layout->find("docker.io/library/app:1").value();
    BOOST_TEST(found.annotations.at("io.containerd.image.name") == "docker.io/library/app:1");
    BOOST_TEST(found.annotations.at("org.opencontainers.image.ref.name") == "docker.io/library/app:1");
}

BOOST_AUTO_TEST_CASE(a_reference_is_named_as_by_other_builders)
{
    layout->tag(describe(layout->put("a")), Reference::parse("app:1"));
    const auto found = layout->find("docker.io/library/app:1").value();
    BOOST_TEST(found.annotations.at("io.containerd.image.name") == "docker.io/library/app:1");
    BOOST_TEST(found.annotations.at("org.opencontainers.image.ref.name") == "1");
    BOOST_TEST(layout->find("1").has_value());
}

BOOST_AUTO_TEST_CASE(repositories_may_share_a_tag)
{
    layout->tag(describe(layout->put("a")), Reference::parse("a:1"));
    layout->tag(describe(layout->put("b")), Reference::parse("b:1"));
    BOOST_TEST((layout->find("docker.io/library/a:1").value().digest == sha256("a")));
    BOOST_TEST((layout->find("docker.io/library/b:1").value().digest == sha256("b")));
    layout->tag(describe(layout->put("c")), Reference::parse("a:1"));
    BOOST_TEST(layout->manifests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(no_name_adds_once)
{
    const auto blob = describe(layout->put("a"));
    layout->tag(blob, "");
    layout->tag(blob, "");
    BOOST_TEST(layout->manifests().size() == 1U);
    layout->tag(blob, "v1");
    BOOST_TEST(layout->manifests().size() == 1U);
    BOOST_TEST(layout->find("v1").has_value());
}

BOOST_AUTO_TEST_CASE(what_other_tools_wrote_stays)
{
    const auto other = R"({"mediaType":"text/x","digest":"sha256:)" + std::string(64, 'a') +
                       R"(","size":1,"data":"eA==","x":7})";
    std::ofstream{directory / "layout/index.json"}
        << R"({"schemaVersion":2,"annotations":{"k":"v"},"manifests":[)" + other + "]}";
    layout->tag(describe(layout->put("a")), "v1");
    const auto text = read_file(directory / "layout/index.json");
    BOOST_TEST(mica::test::contains(text, R"("data":"eA==")"));
    BOOST_TEST(mica::test::contains(text, R"("x":7)"));
    BOOST_TEST(mica::test::contains(text, R"("annotations":{"k":"v"})"));
    BOOST_TEST(layout->manifests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_broken_index_is_refused_and_kept)
{
    std::ofstream{directory / "layout/index.json"} << "not json";
    BOOST_TEST(kind_of([&] { layout->tag(describe(layout->put("a")), "v1"); }) == ErrorKind::integrity);
    BOOST_TEST(read_file(directory / "layout/index.json") == "not json");
}

BOOST_AUTO_TEST_CASE(threads_lose_no_name)
{
    constexpr int threads = 4;
    constexpr int names = 10;
    const auto blob = describe(layout->put("a"));
    {
        std::vector<std::jthread> workers;
        for (int t = 0; t < threads; ++t)
            workers.emplace_back([&, t] {
                for (int i = 0; i < names; ++i)
                    layout->tag(blob, fmt::format("t{}-{}", t, i));
            });
    }
    BOOST_TEST(layout->manifests().size() == std::size_t{threads * names});
}

BOOST_AUTO_TEST_CASE(processes_lose_no_name)
{
    constexpr int processes = 3;
    constexpr int names = 10;
    std::vector<pid_t> children;
    for (int p = 0; p < processes; ++p) {
        const pid_t child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0) {
            try { // each opens the same new directory, too
                const auto mine = Layout::open_or_create(directory / "shared");
                for (int i = 0; i < names; ++i)
                    mine->tag(describe(mine->put(fmt::format("blob {}", i))), fmt::format("p{}-{}", p, i));
                ::_exit(0);
            } catch (...) {
                ::_exit(1);
            }
        }
        children.push_back(child);
    }
    for (const auto child : children) {
        int status = 0;
        BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
        BOOST_TEST(status == 0);
    }
    const auto shared = Layout::open_existing(directory / "shared");
    BOOST_TEST(shared->manifests().size() == std::size_t{processes * names});
    for (const auto &entry : shared->manifests())
        BOOST_CHECK_NO_THROW((void)read_all(*shared->open(entry, {})));
}

BOOST_AUTO_TEST_CASE(a_read_only_layout_can_be_read)
{
    const auto blob = describe(layout->put("a"));
    layout->tag(blob, "v1");
    namespace fs = std::filesystem;
    fs::permissions(directory / "layout", fs::perms::owner_write, fs::perm_options::remove);
    fs::permissions(directory / "layout/oci-layout", fs::perms::owner_write, fs::perm_options::remove);
    const auto opened = Layout::open_or_create(directory / "layout");
    BOOST_TEST(read_all(*opened->open(opened->find("v1").value(), {})) == "a");
    fs::permissions(directory / "layout", fs::perms::owner_write, fs::perm_options::add);
}

BOOST_AUTO_TEST_SUITE_END()
