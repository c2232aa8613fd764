#include "exec/copy/copy.hh"

#include "files.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;
using mica::test::contains;
using mica::test::error_of;

BOOST_AUTO_TEST_SUITE(copy)

BOOST_AUTO_TEST_CASE(a_file_to_a_name_creates_what_is_above_it)
{
    CopyCase c{{"f"}, "/a/b/c"};
    c.source = {"f 0640 7:8 f=x"};
    CHECK_LINES(c.lines(), "d 0755 0:0 a", "d 0755 0:0 a/b", "f 0640 7:8 a/b/c=x");
    BOOST_TEST((c.changes().at(0).entry.mtime == from_unix(build_time)));
}

BOOST_AUTO_TEST_CASE(a_trailing_slash_or_dot_means_a_directory)
{
    CopyCase c{{"f"}, "/d/"};
    c.source = {"f f=x"};
    CHECK_LINES(c.paths(), "d", "d/f");
    c.step.destination = "/d/.";
    CHECK_LINES(c.paths(), "d", "d/f");
}

BOOST_AUTO_TEST_CASE(a_file_goes_into_a_directory_that_is_there)
{
    CopyCase c{{"dir/f"}, "/d"};
    c.source = {"f dir/f=x"};
    c.destination = {"d 0700 5:6 d"};
    CHECK_LINES(c.lines(), "f 0644 0:0 d/f=x");
}

BOOST_AUTO_TEST_CASE(a_file_replaces_a_file)
{
    CopyCase c{{"f"}, "/t"};
    c.source = {"f f=new"};
    c.destination = {"f 04755 7:8 t=old"};
    CHECK_LINES(c.lines(), "f 0644 0:0 t=new");
}

BOOST_AUTO_TEST_CASE(a_directory_copies_its_contents)
{
    CopyCase c{{"src"}, "/d"};
    c.source = {"d 0700 1:1 src", "d 0711 2:2 src/sub", "f 3:3 src/sub/f=x", "p src/pipe", "l src/l>/etc/x"};
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "l 0777 0:0 d/l>/etc/x", "p 0644 0:0 d/pipe", "d 0711 2:2 d/sub",
                "f 0644 3:3 d/sub/f=x");
}

BOOST_AUTO_TEST_CASE(the_top_directory_stays_and_those_below_take_the_mode_of_the_source)
{
    CopyCase c{{"src"}, "/t"};
    c.source = {"d 0750 src", "d 0770 src/sub", "f src/sub/f"};
    c.destination = {"d 0700 5:6 t", "d 0700 5:6 t/sub", "f t/sub/kept"};
    CHECK_LINES(c.lines(), "d 0770 0:0 t/sub", "f 0644 0:0 t/sub/f");
    BOOST_TEST(c.applied().find("t/sub/kept") != nullptr);
}

BOOST_AUTO_TEST_CASE(the_root_is_a_directory_that_is_there)
{
    CopyCase c{{"."}, "/"};
    c.source = {"f f=x", "d d"};
    CHECK_LINES(c.paths(), "d", "f");
}

BOOST_AUTO_TEST_CASE(later_sources_see_earlier_ones_and_the_last_wins)
{
    CopyCase c{{"a/f", "b/f"}, "/d/"};
    c.source = {"f a/f=1", "f b/f=2"};
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/f=2");
    c.step.sources = {"dir", "a/f"};
    c.source = {"f dir/x", "f a/f=1"};
    c.step.destination = "/new";
    CHECK_LINES(c.paths(), "new", "new/f", "new/x");
}

BOOST_AUTO_TEST_CASE(several_files_need_a_directory)
{
    CopyCase c{{"a", "b"}, "/d"};
    c.source = {"f a", "f b"};
    const auto error = error_of([&] { (void)c.changes(); });
    BOOST_TEST((error.kind() == ErrorKind::dockerfile));
    BOOST_TEST(contains(*error.hint(), "\"/d/\""));
    c.step.sources = {"*"};
    BOOST_CHECK_THROW((void)c.changes(), Error);
    c.destination = {"d d"};
    CHECK_LINES(c.paths(), "d/a", "d/b");
}

BOOST_AUTO_TEST_CASE(one_match_of_a_wildcard_may_be_renamed)
{
    CopyCase c{{"f*", "none*"}, "/name"};
    c.source = {"f foo=x"};
    CHECK_LINES(c.lines(), "f 0644 0:0 name=x");
}

BOOST_AUTO_TEST_CASE(a_wildcard_without_a_match_does_nothing_at_all)
{
    CopyCase c{{"none*"}, "/dst/"};
    c.source = {"f foo"};
    BOOST_TEST(c.changes().empty());
}

BOOST_AUTO_TEST_CASE(a_missing_source_is_named)
{
    CopyCase c{{"sub/fool"}, "/"};
    c.source = {"f sub/food"};
    const auto error = error_of([&] { (void)c.changes(); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(error.message() == "\"/sub/fool\": not found");
    BOOST_TEST(contains(*error.hint(), "sub/food"));
}

BOOST_AUTO_TEST_CASE(kinds_that_do_not_fit_are_refused)
{
    CopyCase c{{"src"}, "/d"};
    c.source = {"f src/x"};
    c.destination = {"d d/x"};
    BOOST_TEST(contains(error_of([&] { (void)c.changes(); }).message(),
                        "cannot replace to directory \"/d/x\" with file"));
    c.source = {"d src/x"};
    c.destination = {"f d/x"};
    BOOST_TEST(
        contains(error_of([&] { (void)c.changes(); }).message(), "cannot copy to non-directory: \"/d/x\""));
    c.destination = {"f d"};
    BOOST_TEST(
        contains(error_of([&] { (void)c.changes(); }).message(), "cannot copy to non-directory: \"/d\""));
    c.step.destination = "/d/e/f";
    BOOST_TEST(contains(error_of([&] { (void)c.changes(); }).message(), "\"/d\" is not a directory"));
}

BOOST_AUTO_TEST_CASE(the_destination_follows_links_inside_the_root)
{
    CopyCase c{{"f"}, "/lnk/"};
    c.source = {"f f=x"};
    c.destination = {"d real",   "l lnk>/real",  "l rel>real", "l up>../../../real", "l dangling>/new/dir",
                     "f real/t", "l file>real/t"};
    CHECK_LINES(c.paths(), "real/f");
    c.step.destination = "/rel/x";
    CHECK_LINES(c.paths(), "real/x");
    c.step.destination = "/up/x";
    CHECK_LINES(c.paths(), "real/x");
    c.step.destination = "/dangling/";
    CHECK_LINES(c.paths(), "new", "new/dir", "new/dir/f");
    c.step.destination = "/file";
    CHECK_LINES(c.paths(), "real/t");
    c.destination = {"l a>b", "l b>a"};
    c.step.destination = "/a/x";
    BOOST_TEST(contains(error_of([&] { (void)c.changes(); }).message(), "too many levels"));
}

BOOST_AUTO_TEST_CASE(a_link_in_the_directory_is_replaced_not_followed)
{
    CopyCase c{{"f"}, "/d/"};
    c.source = {"f f=x"};
    c.destination = {"l d/f>/elsewhere"};
    CHECK_LINES(c.lines(), "f 0644 0:0 d/f=x");
}

BOOST_AUTO_TEST_CASE(sources_that_are_links_are_followed_inside_their_root)
{
    CopyCase c{{"foo"}, "/"};
    c.source = {"f bar=x",  "l foo>/../bar",   "d dir",        "f dir/in=y",
                "l dl>dir", "l dir/up>../bar", "l bad>nowhere"};
    CHECK_LINES(c.lines(), "f 0644 0:0 foo=x");
    c.step.sources = {"dl"};
    c.step.destination = "/d";
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/in=y", "l 0777 0:0 d/up>../bar");
    c.step.sources = {"dl/in", "dl/up"};
    c.step.destination = "/e/";
    CHECK_LINES(c.lines(), "d 0755 0:0 e", "f 0644 0:0 e/in=y", "f 0644 0:0 e/up=x");
    c.step.sources = {"bad"};
    BOOST_TEST(contains(*error_of([&] { (void)c.changes(); }).hint(), "nowhere"));
}

BOOST_AUTO_TEST_CASE(chown_holds_for_all_that_is_made)
{
    CopyCase c{{"src"}, "/p/d"};
    c.source = {"f 9:9 src/f", "l 9:9 src/l>f"};
    c.owner = Owner{1001, 1002};
    CHECK_LINES(c.lines(), "d 0755 1001:1002 p", "d 0755 1001:1002 p/d", "f 0644 1001:1002 p/d/f",
                "l 0777 1001:1002 p/d/l>f");
}

BOOST_AUTO_TEST_CASE(octal_chmod_holds_for_files_directories_and_parents)
{
    CopyCase c{{"src"}, "/p/d"};
    c.source = {"f src/s/f", "l src/l>s/f"};
    c.step.chmod = "4750";
    CHECK_LINES(c.lines(), "d 0750 0:0 p", "d 0750 0:0 p/d", "l 0777 0:0 p/d/l>s/f", "d 4750 0:0 p/d/s",
                "f 4750 0:0 p/d/s/f");
}

BOOST_AUTO_TEST_CASE(symbolic_chmod_starts_from_the_mode_of_each)
{
    CopyCase c{{"src"}, "/d"};
    c.source = {"f 0666 src/f", "f 0700 src/x", "d 0700 src/s"};
    c.step.chmod = "go=rX";
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/f", "d 0755 0:0 d/s", "f 0755 0:0 d/x");
}

BOOST_AUTO_TEST_CASE(hard_links_in_a_source_stay)
{
    CopyCase c{{"src"}, "/d"};
    c.source = {"f src/z=x", "h src/sub/a>src/z", "f src/other=x"};
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/other=x", "d 0755 0:0 d/sub", "f 0644 0:0 d/sub/a=x",
                "h 0644 0:0 d/z>d/sub/a");
}

BOOST_AUTO_TEST_CASE(one_file_under_two_names_by_two_sources_is_two_files)
{
    CopyCase c{{"src", "src/sub"}, "/d"};
    c.source = {"f src/sub/f=x"};
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/f=x", "d 0755 0:0 d/sub", "f 0644 0:0 d/sub/f=x");
}

BOOST_AUTO_TEST_CASE(excludes_are_relative_to_the_source_and_never_hit_it)
{
    CopyCase c{{"app"}, "/d"};
    c.source = {"f app/a.md", "f app/s/b.md", "f app/s/c", "f app/views/keep", "f app/views/drop"};
    c.step.excludes = {"**/*.md", "views/*", "!views/keep", "app"};
    CHECK_LINES(c.paths(), "d", "d/s", "d/s/c", "d/views", "d/views/keep");
    c.step.sources = {"app/a.md"};
    c.step.destination = "/x";
    CHECK_LINES(c.paths(), "x");
}

BOOST_AUTO_TEST_CASE(an_excluded_directory_is_made_only_for_what_is_kept_in_it)
{
    CopyCase c{{"app"}, "/d"};
    c.source = {"f app/v/drop", "d 0700 app/v", "f app/v/w/keep", "f app/u/drop"};
    c.step.excludes = {"v", "u", "!v/w/keep"};
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "d 0700 0:0 d/v", "d 0755 0:0 d/v/w", "f 0644 0:0 d/v/w/keep");
}

BOOST_AUTO_TEST_CASE(inline_files_come_last)
{
    CopyCase c{{"a"}, "/d/"};
    c.source = {"f 0600 a=real", "f b"};
    c.step.inline_files = {{"b.conf", "x=1\n"}, {"a", "inline"}};
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/a=inline", "f 0644 0:0 d/b.conf=x=1\n");
    c.step.sources.clear();
    c.step.inline_files = {{"EOF", ""}};
    c.step.destination = "/name";
    CHECK_LINES(c.lines(), "f 0644 0:0 name");
}

BOOST_AUTO_TEST_CASE(link_looks_at_nothing_below_it)
{
    CopyCase c{{"f"}, "/lnk/d/"};
    c.source = {"f f=x"};
    c.destination = {"l lnk>real", "d 0700 5:6 real"};
    c.step.link = true;
    CHECK_LINES(c.lines(), "d 0755 0:0 lnk", "d 0755 0:0 lnk/d", "f 0644 0:0 lnk/d/f=x");
    c.step.chmod = "0600";
    CHECK_LINES(c.lines(), "d 0600 0:0 real/d", "f 0600 0:0 real/d/f=x");
}

BOOST_AUTO_TEST_CASE(names_that_mean_a_removal_are_refused)
{
    CopyCase c{{"."}, "/"};
    c.source = {"d d"};
    c.step.inline_files = {{".wh.x", ""}};
    BOOST_TEST((error_of([&] { (void)c.changes(); }).kind() == ErrorKind::unsupported));
}

BOOST_AUTO_TEST_CASE(flags_that_do_not_go_together_are_refused)
{
    const auto message = [](auto change) {
        CopyCase c{{"f"}, "/"};
        c.source = {"f f"};
        change(c.step);
        return error_of([&] { (void)c.changes(); }).message();
    };
    BOOST_TEST(message([](plan::CopyStep &s) { s.checksum = "sha256:0"; }) ==
               "checksum can't be specified for COPY");
    BOOST_TEST(message([](plan::CopyStep &s) {
                   s.is_add = true;
                   s.checksum = "sha256:0";
               }) == "checksum requires HTTP(S) or Git sources");
    BOOST_TEST(message([](plan::CopyStep &s) { s.sources = {"http://x/y"}; }) ==
               "source can't be a URL for COPY");
    BOOST_TEST(message([](plan::CopyStep &s) { s.sources = {"git@h:p"}; }) ==
               "source can't be a git ref for COPY");
    BOOST_TEST(message([](plan::CopyStep &s) { s.keep_git_dir = true; }) ==
               "--keep-git-dir needs a git source");
    BOOST_TEST(
        contains(message([](plan::CopyStep &s) { s.chmod = "64a"; }), "invalid chmod parameter: '64a'"));
}

BOOST_AUTO_TEST_CASE(remote_sources_are_what_the_fetcher_gives)
{
    CopyCase c{{"https://host/dir/f.txt?x"}, "/d/"};
    c.step.is_add = true;
    BOOST_TEST((error_of([&] { (void)c.changes(); }).kind() == ErrorKind::unsupported));
    c.fetch = [](const context::RemoteSource &remote) {
        auto file = changes_of({"f 0600 " + std::get<context::HttpSource>(remote).file_name + "=x"}).at(0);
        return single_file_view(file.entry, file.content);
    };
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0600 0:0 d/f.txt=x");
}

BOOST_AUTO_TEST_CASE(flags_are_given_to_the_fetcher_or_contradict)
{
    CopyCase c{{"https://h/r.git?keep-git-dir=true"}, "/d/"};
    c.step.is_add = true;
    c.step.checksum = "abcdef";
    context::GitSource seen;
    c.fetch = [&seen](const context::RemoteSource &remote) {
        seen = std::get<context::GitSource>(remote);
        return view_of(tree_of({"f 0:0 a"}), provider_of({"f a"}));
    };
    CHECK_LINES(c.paths(), "d", "d/a");
    BOOST_TEST(seen.commit == "abcdef");
    BOOST_TEST(seen.keep_git_dir.value());
    c.step.keep_git_dir = false;
    BOOST_TEST(contains(error_of([&] { (void)c.changes(); }).message(), "inconsistent keep-git-dir"));
    c.step.keep_git_dir.reset();
    c.step.sources = {"https://h/r.git?checksum=123"};
    BOOST_TEST(contains(error_of([&] { (void)c.changes(); }).message(), "checksum mismatch"));
    c.step.sources = {"https://h/file"};
    c.step.checksum = "md5:7e55db001d319a94b0b713529a756623";
    BOOST_TEST(contains(error_of([&] { (void)c.changes(); }).message(), "--checksum=md5:"));
}

BOOST_AUTO_TEST_CASE(stops_when_asked)
{
    CopyCase c{{"."}, "/"};
    const auto view = view_of(tree_of({"f a"}), provider_of({"f a"}));
    const layer::FileTree tree;
    std::stop_source stop;
    stop.request_stop();
    BOOST_CHECK_THROW((void)plan_copy({.step = c.step,
                                       .source = *view,
                                       .destination = layer::lookup_in(tree),
                                       .owner = {},
                                       .scratch = {},
                                       .fetch = {}},
                                      stop.get_token()),
                      Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
