#include "cli/kaniko/login.hh"

#include "auth/login_store.hh"
#include "auth/variables.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "cli/kaniko/flag_makers.hh"
#include "cli/kaniko/help.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli::kaniko {

namespace {

struct Login {
    std::string registry;
    std::string user, password;
    bool from_stdin = false;
};

Program login_program(Login &into)
{
    auto user = text('u', "username", "USER", "Who logs in.", into.user);
    auto password = text('p', "password", "PASSWORD",
                         "The password; others can see it in the list of processes.", into.password);
    return {
        "executor login",
        "Writes credentials for a registry into docker's config.json.",
        {std::move(user), std::move(password),
         truth("password-stdin", "The password is standard input, without the line's end.", into.from_stdin)},
        {{"REGISTRY", [&into](const std::string &given) { into.registry = given; }}}};
}

std::string password_from_stdin()
{
    constexpr std::uint64_t longest = 64 * 1024;
    const int copy = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw system_error("the password on standard input", errno);
    FdSource source{Fd{copy}};
    return std::string{trim(read_all(source, longest), "\r\n")};
}

} // namespace

int run_login(const std::vector<std::string> &arguments, const Environment &environment)
{
    Login login;
    const auto program = login_program(login);
    if (parse(program, arguments, environment) == Parsed::help_wanted) {
        write_all(STDOUT_FILENO, as_bytes(help(program)));
        return ui::exit_code::success;
    }
    if (login.from_stdin)
        login.password = password_from_stdin();
    if (login.user.empty() || login.password.empty())
        throw Error{ErrorKind::usage, "a login needs a user and a password"}.with_hint(
            "executor login REGISTRY -u USER --password-stdin");
    const auto place = auth::keep_login(auth::login_file(auth::Variables{environment.variables}),
                                        login.registry, {login.user, login.password});
    write_all(STDERR_FILENO, as_bytes(fmt::format("the login is kept in {}\n", place)));
    return ui::exit_code::success;
}

} // namespace mica::cli::kaniko
