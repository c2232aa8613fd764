#pragma once
/// @file
/// AWS's search for keys, in the order that its own tools have.
/// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#include "auth/aws/keys.hh"
#include "auth/aws/situation.hh"
#include <optional>
#include <string>

namespace mica::auth::aws {

/// The environment; a role that the profile assumes; a web identity; SSO; the shared credentials
/// file; credential_process; the config file; the container; the instance. What is configured and
/// fails is an Error (usage, denied, network), never a reason to try the next. nullopt: there are no
/// keys; `why` then says where they were looked for.
[[nodiscard]] std::optional<Keys> find_keys(const Situation &situation, std::string &why);

/// AWS_PROFILE, AWS_DEFAULT_PROFILE, "default".
[[nodiscard]] std::string profile_name(const Variables &variables);
/// What the shared files say of it; throws Error (usage) for a profile that the environment names
/// and that is nowhere.
[[nodiscard]] Section chosen_profile(const Variables &variables, const Profiles &profiles);

} // namespace mica::auth::aws
