#pragma once
/// @file
/// What may be said of a context besides its address.
#include "context/fetch_access.hh"
#include "context/remote_source.hh"
#include <optional>
#include <string>

namespace mica::cli {

struct ContextDetails {
    std::optional<context::GitSource> repository; ///< what CONTEXT means, where its address does not show it
    std::optional<context::GitLogin> git_login;
    bool any_git_certificate = false;
    std::string subdirectory;        ///< the context is this directory of what CONTEXT names
    bool dockerfile_of_host = false; ///< --file is first looked for on the host, whatever CONTEXT is
};

} // namespace mica::cli
