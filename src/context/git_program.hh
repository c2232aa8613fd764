#pragma once
/// @file
/// The git program, tamed: no prompts, no configuration of the user's or the machine's, no hooks,
/// no other transports than git, http, https and ssh.
#include "base/error.hh"
#include "context/fetch_access.hh"
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

/// Where a repository is, apart from who asks for it.
struct GitRemote {
    std::string url;           ///< what git is given: without a password
    std::string http_scope;    ///< "https://host:port/" the login is for; empty: not HTTP
    std::string authorization; ///< of HTTP; empty: none

    /// `remote` as a git source has it: a login in the address moves into the header.
    [[nodiscard]] static GitRemote parse(std::string_view remote, const FetchAccess &access);
};

/// Runs git for one remote. A login goes through the environment: it is in no argument and no
/// file. Throws Error (unsupported) where there is no git.
class GitProgram {
public:
    GitProgram(const FetchAccess &access, GitRemote remote);

    [[nodiscard]] const GitRemote &remote() const noexcept { return remote_; }
    /// What it writes. `directory` is where it runs; empty: nowhere in particular. Throws GitFailure.
    std::string run(const std::filesystem::path &directory, const std::vector<std::string> &arguments,
                    const std::stop_token &stop) const;

private:
    GitRemote remote_;
    std::string program_;
    std::vector<std::string> environment_;
};

/// git ended with an error; the message is the last that it said.
class GitFailure : public Error {
public:
    GitFailure(std::string message, std::string complaint)
        : Error{ErrorKind::network, std::move(message)}, complaint_{std::move(complaint)}
    {
    }
    /// All that it wrote on standard error.
    [[nodiscard]] const std::string &complaint() const noexcept { return complaint_; }

private:
    std::string complaint_;
};

} // namespace mica::context
