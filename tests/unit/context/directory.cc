#include "context/context.hh"
#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace mica;
using namespace mica::context;
using tar::FileType;
using Names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(directory_context)

struct Fixture {
    test::TemporaryDirectory temporary;
    std::filesystem::path root = temporary.path();

    void write(const std::string &name, const std::string &text = "x") const
    {
        std::filesystem::create_directories((root / name).parent_path());
        write_file_atomically(root / name, text);
    }
    [[nodiscard]] std::unique_ptr<Context> open(const std::vector<std::string> &ignore = {}) const
    {
        return open_directory(root, IgnoreList{ignore});
    }
    static std::string text(const Context &context, const char *path)
    {
        return read_all(*context.content(path)->open());
    }
};

BOOST_FIXTURE_TEST_CASE(shows_files_with_their_metadata, Fixture)
{
    write("d/f", "hello");
    ::chmod((root / "d/f").c_str(), 04750);
    const timespec times[2] = {{1, 0}, {1'485'449'953, 5}};
    ::utimensat(AT_FDCWD, (root / "d/f").c_str(), times, 0);
    const auto context = open();
    const auto entry = context->find("d/f");
    BOOST_REQUIRE(entry);
    BOOST_TEST((entry->type == FileType::regular));
    BOOST_TEST(entry->path == "d/f");
    BOOST_TEST(entry->mode == 04750U);
    BOOST_TEST(entry->uid == 0U);
    BOOST_TEST(entry->size == 5U);
    BOOST_TEST((entry->mtime == from_unix(1'485'449'953) + std::chrono::nanoseconds{5}));
    BOOST_TEST(text(*context, "d/f") == "hello");
    BOOST_TEST((context->find("")->type == FileType::directory));
    BOOST_TEST(!context->find("d/none"));
    BOOST_TEST(!context->find("d/f/below"));
}

BOOST_FIXTURE_TEST_CASE(lists_in_order_of_bytes, Fixture)
{
    for (const auto *name : {"b", "a.b", "a/x", "A", "\xc3\xa9"})
        write(name);
    BOOST_TEST(open()->list("") == (Names{"A", "a", "a.b", "b", "\xc3\xa9"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(keeps_links_as_links_and_never_goes_through_them, Fixture)
{
    write("secret/f");
    std::filesystem::create_symlink("secret", root / "dir");
    std::filesystem::create_symlink("/etc/passwd", root / "abs");
    const auto context = open();
    BOOST_TEST((context->find("abs")->type == FileType::symlink));
    BOOST_TEST(context->find("abs")->link_target == "/etc/passwd");
    BOOST_TEST(!context->find("dir/f"));
    BOOST_TEST(test::kind_of([&] { (void)context->list("dir"); }) == ErrorKind::not_found);
    BOOST_TEST(test::kind_of([&] { (void)context->content("abs"); }) == ErrorKind::not_found);
}

BOOST_FIXTURE_TEST_CASE(cannot_be_left, Fixture)
{
    const auto context = open();
    BOOST_CHECK_THROW((void)context->find("../x"), Error);
    BOOST_CHECK_THROW((void)context->list(".."), Error);
}

BOOST_FIXTURE_TEST_CASE(shows_fifos_and_hides_sockets, Fixture)
{
    ::mkfifo((root / "p").c_str(), 0640);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    (root / "s").native().copy(address.sun_path, sizeof address.sun_path - 1);
    const Fd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    BOOST_REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0);
    const auto context = open();
    BOOST_TEST((context->find("p")->type == FileType::fifo));
    BOOST_TEST(!context->find("s"));
    BOOST_TEST(context->list("") == (Names{"p"}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(tells_hard_links_by_their_id, Fixture)
{
    write("a");
    write("single");
    std::filesystem::create_hard_link(root / "a", root / "b");
    const auto context = open();
    BOOST_TEST(context->link_id("a") != 0U);
    BOOST_TEST(context->link_id("a") == context->link_id("b"));
    BOOST_TEST(context->link_id("single") == 0U);
    BOOST_TEST(context->link_id("") == 0U);
}

BOOST_FIXTURE_TEST_CASE(keeps_attributes_that_mean_something_elsewhere, Fixture)
{
    write("f");
    if (::setxattr((root / "f").c_str(), "user.a", "v", 1, 0) != 0)
        return; // the file system has none
    ::setxattr((root / "f").c_str(), "user.overlay.opaque", "y", 1, 0);
    const auto attributes = open()->find("f")->xattrs;
    BOOST_TEST(attributes.size() == 1U);
    BOOST_TEST(attributes.at("user.a") == "v");
}

BOOST_FIXTURE_TEST_CASE(hides_what_is_ignored, Fixture)
{
    write("a");
    write("d/x");
    const auto context = open({"d", "a"});
    BOOST_TEST(context->list("").empty());
    BOOST_TEST(!context->find("a"));
    BOOST_TEST(!context->find("d/x"));
    BOOST_TEST(context->ignored("d/x"));
    BOOST_TEST(!context->ignored("e"));
    BOOST_TEST(test::kind_of([&] { (void)context->content("a"); }) == ErrorKind::not_found);
}

BOOST_FIXTURE_TEST_CASE(an_ignored_directory_is_there_if_something_in_it_is, Fixture)
{
    write("d/deep/er/keep");
    write("d/deep/drop");
    write("d/other/drop");
    write("e/drop");
    const auto context = open({"d", "e", "!**/keep"});
    BOOST_TEST(context->list("") == (Names{"d"}), boost::test_tools::per_element());
    BOOST_TEST(context->list("d") == (Names{"deep"}), boost::test_tools::per_element());
    BOOST_TEST(context->list("d/deep") == (Names{"er"}), boost::test_tools::per_element());
    BOOST_TEST((context->find("d/deep/er")->type == FileType::directory));
    BOOST_TEST(!context->find("d/other"));
    BOOST_TEST(!context->find("e"));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_changes_meanwhile_is_an_error, Fixture)
{
    write("f", "before");
    const auto context = open();
    const auto content = context->content("f");
    BOOST_TEST(read_all(*content->open()) == "before");
    BOOST_TEST(read_all(*content->open()) == "before");
    write("f", "after!");
    const auto error = test::error_of([&] { (void)content->open(); });
    BOOST_TEST((error.kind() == ErrorKind::io));
    BOOST_TEST(test::contains(error.message(), "changed during the build"));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_grows_while_it_is_read_is_an_error, Fixture)
{
    write("f", "before");
    const auto context = open();
    const auto source = context->content("f")->open();
    FdSink{open_file(root / "f", O_WRONLY | O_APPEND)}.write(as_bytes("more"));
    BOOST_TEST(test::kind_of([&] { (void)read_all(*source); }) == ErrorKind::io);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_exchanged_for_a_link_is_not_followed, Fixture)
{
    write("f");
    const auto context = open();
    const auto content = context->content("f");
    std::filesystem::remove(root / "f");
    std::filesystem::create_symlink("/etc/passwd", root / "f");
    BOOST_CHECK_THROW((void)content->open(), Error);
}

BOOST_FIXTURE_TEST_CASE(contents_outlive_the_context, Fixture)
{
    write("f", "bytes");
    auto content = open()->content("f");
    BOOST_TEST(read_all(*content->open()) == "bytes");
}

BOOST_FIXTURE_TEST_CASE(a_missing_directory_is_named, Fixture)
{
    const auto error = test::error_of([&] { (void)open_directory(root / "none", {}); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(test::contains(error.message(), "none"));
}

BOOST_AUTO_TEST_SUITE_END()
