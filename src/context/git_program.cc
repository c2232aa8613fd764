#include "context/git_program.hh"

#include "base/text.hh"
#include "context/url_text.hh"
#include "os/program.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace mica::context {

namespace {

constexpr std::size_t longest_output = std::size_t{64} << 20; ///< ls-remote of a large repository

/// Variables that git gets as they are.
constexpr std::array passed_variables{"PATH",           "TMPDIR",         "HTTP_PROXY",    "HTTPS_PROXY",
                                      "ALL_PROXY",      "NO_PROXY",       "http_proxy",    "https_proxy",
                                      "all_proxy",      "no_proxy",       "SSL_CERT_FILE", "SSL_CERT_DIR",
                                      "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "CURL_CA_BUNDLE"};

std::string quoted_for_shell(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

/// Asks nothing, and has no other configuration than this. A host that is not known yet is
/// accepted, as its key cannot be had otherwise in a container; one whose key changed is not.
std::string ssh_command(const FetchAccess &access)
{
    const auto known = (access.scratch / "known_hosts").native();
    auto command =
        "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=" +
        quoted_for_shell("\"" + known + "\" ~/.ssh/known_hosts");
    if (access.ssh_agent)
        command += " -o IdentityAgent=" + quoted_for_shell("\"" + access.ssh_agent->native() + "\"");
    else
        command += " -o IdentityAgent=none";
    if (!access.own_ssh_keys)
        command += " -o IdentityFile=none";
    return command;
}

using Settings = std::vector<std::pair<std::string, std::string>>;

/// As variables, where "git -c" would show a login to every user of the machine.
void add_settings(std::vector<std::string> &environment, const Settings &settings)
{
    environment.push_back(fmt::format("GIT_CONFIG_COUNT={}", settings.size()));
    for (std::size_t i = 0; i < settings.size(); ++i) {
        environment.push_back(fmt::format("GIT_CONFIG_KEY_{}={}", i, settings[i].first));
        environment.push_back(fmt::format("GIT_CONFIG_VALUE_{}={}", i, settings[i].second));
    }
}

std::vector<std::string> environment_of(const FetchAccess &access, const GitRemote &remote)
{
    std::vector<std::string> environment{"LC_ALL=C",
                                         "HOME=/dev/null",
                                         "XDG_CONFIG_HOME=/dev/null",
                                         "GIT_CONFIG_NOSYSTEM=1",
                                         "GIT_CONFIG_GLOBAL=/dev/null",
                                         "GIT_TERMINAL_PROMPT=0",
                                         "GIT_ASKPASS=",
                                         "SSH_ASKPASS=",
                                         "GIT_TEMPLATE_DIR=",
                                         "GIT_ALLOW_PROTOCOL=git:http:https:ssh",
                                         "GIT_SSH_COMMAND=" + ssh_command(access)};
    for (const auto *const name : passed_variables)
        if (const auto found = access.environment.find(name); found != access.environment.end())
            environment.push_back(found->first + "=" + found->second);
    Settings settings{{"core.hooksPath", "/dev/null"},  {"core.fsmonitor", "false"},
                      {"core.autocrlf", "false"},       {"core.symlinks", "true"},
                      {"credential.helper", ""},        {"advice.detachedHead", "false"},
                      {"init.defaultBranch", "master"}, {"gc.auto", "0"},
                      {"maintenance.auto", "false"}};
    if (access.any_git_certificate)
        settings.emplace_back("http.sslVerify", "false");
    if (!remote.authorization.empty() && !remote.http_scope.empty())
        settings.emplace_back("http." + remote.http_scope + ".extraHeader",
                              "Authorization: " + remote.authorization);
    add_settings(environment, settings);
    return environment;
}

/// The line that says why: git's own come last, behind those of the server ("remote: ").
std::string last_words(std::string_view complaint)
{
    const auto lines = split(trim(complaint), '\n');
    const auto is_cause = [](std::string_view line) {
        return line.starts_with("fatal: ") || line.starts_with("error: ");
    };
    const auto cause = std::find_if(lines.begin(), lines.end(), is_cause);
    const auto line = trim(cause == lines.end() ? lines.back() : *cause);
    return line.empty() ? "it says nothing" : std::string{line};
}

void add_hint(GitFailure &failure, const GitRemote &remote)
{
    const auto &complaint = failure.complaint();
    const auto says = [&](std::string_view text) { return complaint.find(text) != std::string::npos; };
    if (says("could not read Username") || says("Authentication failed") || says("403"))
        failure.set_hint("if the repository is private, lend a token with --secret id=GIT_AUTH_TOKEN,…");
    else if (remote.http_scope.empty() && says("Permission denied"))
        failure.set_hint("lend your SSH agent with --ssh default");
    else if (says("cannot run ssh"))
        failure.set_hint("there is no ssh here: install it, or use an https:// address");
}

} // namespace

GitRemote GitRemote::parse(std::string_view remote, const FetchAccess &access)
{
    const auto parts = split_url(remote);
    const auto scheme = to_lower(parts.scheme);
    if (scheme != "http" && scheme != "https")
        return {std::string{remote}, {}, {}};
    GitRemote result;
    const auto at = parts.authority.rfind('@');
    const auto host = at == std::string_view::npos ? parts.authority : parts.authority.substr(at + 1);
    result.url = fmt::format("{}://{}{}", scheme, host, parts.path);
    result.http_scope = fmt::format("{}://{}/", scheme, host);
    if (at == std::string_view::npos) {
        result.authorization = git_authorization(access, host);
    } else {
        const auto login = parts.authority.substr(0, at);
        const auto colon = login.find(':');
        const auto password = colon == std::string_view::npos ? "" : login.substr(colon + 1);
        result.authorization =
            basic_authorization(percent_decoded(login.substr(0, colon)), percent_decoded(password));
    }
    return result;
}

GitProgram::GitProgram(const FetchAccess &access, GitRemote remote)
    : remote_{std::move(remote)}, environment_{environment_of(access, remote_)}
{
    const auto path = access.environment.find("PATH");
    const auto program =
        os::find_program("git", path == access.environment.end() ? "/usr/bin:/bin" : path->second);
    if (!program)
        throw Error{ErrorKind::unsupported,
                    "git repositories need the git program, and there is none in PATH"}
            .with_hint("install git beside mica, or use an archive of the repository");
    program_ = *program;
}

std::string GitProgram::run(const std::filesystem::path &directory, const std::vector<std::string> &arguments,
                            const std::stop_token &stop) const
{
    std::vector<std::string> argv{program_};
    if (!directory.empty())
        argv.insert(argv.end(), {"-C", directory.native()});
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    auto result = os::run_program(argv, environment_, longest_output, stop);
    if (result.ended.shell_status() == 0)
        return std::move(result.out);
    GitFailure failure{fmt::format("git {} failed: {}", arguments.front(), last_words(result.err)),
                       std::move(result.err)};
    add_hint(failure, remote_);
    throw failure;
}

} // namespace mica::context
