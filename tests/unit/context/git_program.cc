#include "context/git_program.hh"

#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::context;

BOOST_AUTO_TEST_SUITE(git_program)

BOOST_AUTO_TEST_CASE(a_login_leaves_the_address)
{
    const auto remote = GitRemote::parse("https://user:p%40ss@host.test:8443/a/b.git", {});
    BOOST_TEST(remote.url == "https://host.test:8443/a/b.git");
    BOOST_TEST(remote.http_scope == "https://host.test:8443/");
    BOOST_TEST(remote.authorization == basic_authorization("user", "p@ss"));
}

BOOST_AUTO_TEST_CASE(ssh_keeps_its_user)
{
    BOOST_TEST(GitRemote::parse("git@host.test:a/b.git", {}).url == "git@host.test:a/b.git");
    BOOST_TEST(GitRemote::parse("ssh://git@host.test/a", {}).url == "ssh://git@host.test/a");
}

BOOST_AUTO_TEST_CASE(a_token_is_lent_as_basic_authentication)
{
    FetchAccess access;
    access.secrets["GIT_AUTH_TOKEN"] = std::make_shared<StringContent>("all\n");
    access.secrets["GIT_AUTH_TOKEN.host.test"] = std::make_shared<StringContent>("one");
    BOOST_TEST(GitRemote::parse("https://host.test/x.git", access).authorization ==
               basic_authorization("x-access-token", "one"));
    BOOST_TEST(GitRemote::parse("https://other.test/x.git", access).authorization ==
               basic_authorization("x-access-token", "all"));
    BOOST_TEST(GitRemote::parse("git://host.test/x.git", access).authorization.empty());
}

BOOST_AUTO_TEST_CASE(without_git_it_says_what_is_missing)
{
    FetchAccess access;
    access.environment["PATH"] = "/nonexistent";
    const auto error =
        test::error_of([&] { GitProgram{access, GitRemote::parse("git://host.test/x", access)}; });
    BOOST_TEST((error.kind() == ErrorKind::unsupported));
    BOOST_TEST(error.hint().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
