#include "auth/docker_config.hh"
#include "auth/login_store.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "cli/registry_access.hh"
#include "cli/tools/tool_jobs.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

namespace mica::cli {

namespace {

constexpr std::size_t longest_password = 64 * 1024;

/// The terminal does not show what is typed, for as long as this lives.
class HiddenInput {
public:
    HiddenInput()
    {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0)
            return;
        auto hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    HiddenInput(const HiddenInput &) = delete;
    HiddenInput &operator=(const HiddenInput &) = delete;
    ~HiddenInput()
    {
        if (changed_)
            static_cast<void>(::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_));
    }

private:
    termios before_{};
    bool changed_ = false;
};

/// To the end, or to the end of the first line.
std::string read_input(bool one_line)
{
    std::string text;
    for (char c = 0; text.size() < longest_password && ::read(STDIN_FILENO, &c, 1) == 1;) {
        if (one_line && c == '\n')
            break;
        text += c;
    }
    return std::string{trim(text, "\r\n")};
}

std::string ask(const std::string &question, bool hidden)
{
    if (::isatty(STDIN_FILENO) != 1)
        throw Error{ErrorKind::usage,
                    fmt::format("{} is missing, and there is no terminal to ask at", question)}
            .with_hint("give -u USER and --password-stdin");
    write_all(STDERR_FILENO, as_bytes(question + ": "));
    if (!hidden)
        return read_input(true);
    const HiddenInput quiet;
    auto text = read_input(true);
    write_all(STDERR_FILENO, as_bytes(std::string{"\n"}));
    return text;
}

/// Any image of the registry: logins are looked up by images.
oci::Reference image_of(const std::string &registry)
{
    return oci::Reference::parse(registry + "/login");
}

} // namespace

void run_login(const ToolJob &job)
{
    const auto &options = job.options;
    const auto registry = auth::normalize_server(options.operands.front());
    const auto image = image_of(registry);
    auth::Basic login;
    login.user = options.user ? *options.user : ask("the user", false);
    login.password = options.password_from_stdin ? read_input(false) : ask("the password", true);
    if (login.user.empty() || login.password.empty())
        throw Error{ErrorKind::usage, "a login has a user and a password"};
    if (login.user.find(':') != std::string::npos)
        throw Error{ErrorKind::usage, "the name of a user has no colon"};
    RegistryAccess access{options.registries, auth::Credential{login, "the command line"}, job.bus, job.stop};
    access.client().check_login(image, job.stop);
    const auto where = auth::keep_login(auth::login_file(auth::Variables::of_process()), registry, login);
    job.bus.publish(event::Note{
        event::Note::Level::info, fmt::format("the login to {} is kept in {}", registry, where), {}});
}

void run_logout(const ToolJob &job)
{
    const auto registry = auth::normalize_server(job.options.operands.front());
    const auto file = auth::login_file(auth::Variables::of_process());
    const bool found = auth::forget_login(file, registry);
    job.bus.publish(event::Note{event::Note::Level::info,
                                found
                                    ? fmt::format("the login to {} is forgotten", registry)
                                    : fmt::format("there was no login to {} in {}", registry, file.string()),
                                {}});
}

} // namespace mica::cli
