#include "context/remote_source.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

using namespace mica;
using namespace mica::context;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(remote_source)

const char *const local_paths[] = {"a",  "./git@host:x", "../x.git", "github.com/a/b.git", "ftp://host/x.git",
                                   "/x", ".git",         "a@b/c:d",  "host.xyz/a.git",     "http:/x"};

BOOST_DATA_TEST_CASE(is_not_a_path, data::make(local_paths))
{
    BOOST_TEST(!parse_remote_source(sample));
}

struct UrlCase {
    const char *url, *name;
    friend std::ostream &operator<<(std::ostream &out, const UrlCase &c) { return out << c.url; }
};

const UrlCase urls[] = {
    {"http://h/a/b.txt", "b.txt"},
    {"https://h/a/b.txt?q=1/2#x", "b.txt"},
    {"http://h/", "__unnamed__"},
    {"http://h", "__unnamed__"},
    {"http://h/dir/", "dir"},
    {"http://h/a%20b", "a b"},
    {"http://h/..", "__unnamed__"},
    {"http://h/x%2Fy", "y"},
    {"https://h/foo.git.bar", "foo.git.bar"},
    {"https://h/foo.git/", "foo.git"},
    {"http://h/%zz", "%zz"},
    {"http://h/a%00b", "__unnamed__"},
};

BOOST_DATA_TEST_CASE(names_the_file_of_a_url, data::make(urls))
{
    const auto remote = parse_remote_source(sample.url);
    BOOST_REQUIRE(remote);
    BOOST_TEST(std::get<HttpSource>(*remote).url == sample.url);
    BOOST_TEST(std::get<HttpSource>(*remote).file_name == sample.name);
    BOOST_TEST(is_url(sample.url));
    BOOST_TEST(!is_git(sample.url));
}

struct GitCase {
    const char *text;
    GitSource expected;
    friend std::ostream &operator<<(std::ostream &out, const GitCase &c) { return out << c.text; }
};

const std::vector<GitCase> git_sources = {
    {"https://h/foo.git", {.remote = "https://h/foo.git"}},
    {"https://h/foo.git#deadbeef", {.remote = "https://h/foo.git", .ref = "deadbeef"}},
    {"https://h/foo.git#v/1:sub/./dir/", {.remote = "https://h/foo.git", .ref = "v/1", .subdir = "sub/dir"}},
    {"https://h/foo.git#:../sub", {.remote = "https://h/foo.git", .subdir = "sub"}},
    {"https://u:p@h/foo.git", {.remote = "https://u:p@h/foo.git"}},
    {"http://h:81/.git#main", {.remote = "http://h:81/.git", .ref = "main"}},
    {"git://h/foo", {.remote = "git://h/foo"}},
    {"ssh://git@h:22/foo#b", {.remote = "ssh://git@h:22/foo", .ref = "b"}},
    {"git@h:a/b.git#x", {.remote = "git@h:a/b.git", .ref = "x"}},
    {"git@h.example-1:a?subdir=/s#v1", {.remote = "git@h.example-1:a", .ref = "v1", .subdir = "s"}},
    {"https://h/f.git?ref=v1&subdir=/s", {.remote = "https://h/f.git", .ref = "v1", .subdir = "s"}},
    {"https://h/f.git?tag=v1", {.remote = "https://h/f.git", .ref = "refs/tags/v1"}},
    {"https://h/f.git?branch=refs/heads/b", {.remote = "https://h/f.git", .ref = "refs/heads/b"}},
    {"https://h/f.git?checksum=abc#v1", {.remote = "https://h/f.git", .ref = "v1", .commit = "abc"}},
    {"https://h/f.git?keep-git-dir&submodules=false&mtime=commit&commit=a&fetch-by-commit=1",
     {.remote = "https://h/f.git",
      .commit = "a",
      .keep_git_dir = true,
      .submodules = false,
      .mtime_of_commit = true,
      .fetch_by_commit = true}},
};

BOOST_DATA_TEST_CASE(reads_a_git_reference, data::make(git_sources))
{
    const auto remote = parse_remote_source(sample.text);
    BOOST_REQUIRE(remote);
    BOOST_TEST((std::get<GitSource>(*remote) == sample.expected));
    BOOST_TEST(is_git(sample.text));
    BOOST_TEST(!is_url(sample.text));
}

struct BadCase {
    const char *query, *message;
    friend std::ostream &operator<<(std::ostream &out, const BadCase &c) { return out << c.query; }
};

const BadCase contradictions[] = {
    {"?ref=a#b", "ref conflicts"},
    {"?ref=a&tag=b", "ref conflicts"},
    {"?tag=a&branch=b", "branch conflicts with tag"},
    {"?branch=b&tag=a", "conflicts"},
    {"?subdir=a#x:b", "subdir conflicts"},
    {"?ref=a&ref=a", "multiple values"},
    {"?ref=", "has no value"},
    {"?mtime=now", "invalid mtime value"},
    {"?submodules=maybe", "invalid submodules value"},
    {"?colour=red", "unexpected query"},
    {"?checksum=a&commit=b", "checksum conflicts"},
    {"#a%0ab", "control character"},
    {"?subdir=a%00", "control character"},
};

BOOST_DATA_TEST_CASE(refuses_contradictions, data::make(contradictions))
{
    const auto text = std::string{"https://h/f.git"} + sample.query;
    const auto error = mica::test::error_of([&] { (void)parse_remote_source(text); });
    BOOST_TEST((error.kind() == ErrorKind::dockerfile));
    BOOST_TEST(mica::test::contains(error.message(), sample.message));
}

BOOST_AUTO_TEST_CASE(no_part_of_an_address_is_an_option_of_a_program)
{
    BOOST_TEST(!parse_remote_source("-q@host:path").has_value());
    BOOST_TEST(!parse_remote_source("git@-oProxyCommand:path").has_value());
    BOOST_TEST(parse_remote_source("a-b@c-d:path").has_value());
}

BOOST_AUTO_TEST_CASE(as_a_context_github_needs_no_scheme)
{
    const auto remote = parse_remote_context("github.com/a/b#v1:dir");
    BOOST_REQUIRE(remote);
    const GitSource expected{.remote = "https://github.com/a/b", .ref = "v1", .subdir = "dir"};
    BOOST_TEST((std::get<GitSource>(*remote) == expected));
    BOOST_TEST(!parse_remote_context("dir/github.com/a"));
}

BOOST_AUTO_TEST_SUITE_END()
