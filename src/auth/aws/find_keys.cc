#include "auth/aws/find_keys.hh"

#include "auth/aws/metadata_keys.hh"
#include "auth/aws/process_keys.hh"
#include "auth/aws/sso_keys.hh"
#include "auth/aws/sts.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <set>

namespace mica::auth::aws {

namespace {

constexpr std::uint64_t token_limit = 64 * 1024;

std::optional<Keys> environment_keys(const Variables &variables)
{
    const auto id = variables.get("AWS_ACCESS_KEY_ID");
    if (!id)
        return std::nullopt;
    const auto secret = variables.get("AWS_SECRET_ACCESS_KEY");
    if (!secret)
        throw Error{ErrorKind::usage, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"};
    return Keys{{*id, *secret, variables.first_of({"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"}).value_or("")},
                {},
                "the environment (AWS_ACCESS_KEY_ID)"};
}

std::optional<Keys> static_keys(const Section &profile, const std::string &source)
{
    const auto id = profile.get("aws_access_key_id");
    if (!id)
        return std::nullopt;
    return Keys{
        {*id, profile.need("aws_secret_access_key", source), profile.get("aws_session_token").value_or("")},
        {},
        source};
}

/// A job's token, as a file or as the variable itself: GitLab gives the variable.
std::optional<Keys> web_identity(const Situation &situation, const Section &profile, const std::string &name)
{
    const auto &variables = situation.variables;
    const auto file = variables.get("AWS_WEB_IDENTITY_TOKEN_FILE");
    const auto text = variables.get("AWS_WEB_IDENTITY_TOKEN");
    const auto of_profile = profile.get("web_identity_token_file");
    const bool from_environment = file || text;
    if (!from_environment && !of_profile)
        return std::nullopt;
    const std::string which = file   ? "AWS_WEB_IDENTITY_TOKEN_FILE"
                              : text ? "AWS_WEB_IDENTITY_TOKEN"
                                     : "web_identity_token_file of the AWS profile " + name;
    return in_context(
        [&] { return "using the identity token of " + which; },
        [&] {
            Role role{profile.get("role_arn").value_or(""), profile.get("role_session_name").value_or("")};
            role.arn = variables.get("AWS_ROLE_ARN").value_or(role.arn);
            role.session_name = variables.get("AWS_ROLE_SESSION_NAME").value_or(role.session_name);
            role.duration_seconds = profile.get("duration_seconds").value_or("");
            if (role.arn.empty())
                throw Error{ErrorKind::usage, "there is no role to go with the token"}.with_hint(
                    "set AWS_ROLE_ARN");
            const auto token = !file && text ? *text : read_file(file ? *file : *of_profile, token_limit);
            return assume_role_with_token(situation, profile, role, token,
                                          fmt::format("the role {} by {}", role.arn, which));
        });
}

/// Keys for one profile, and for those that it leans on.
class ProfileKeys {
public:
    explicit ProfileKeys(const Situation &situation) : situation_{situation} {}

    std::optional<Keys> find(const Section &profile, const std::string &name)
    {
        if (auto keys = assumed(profile, name))
            return keys;
        if (auto keys = web_identity(situation_, profile, name))
            return keys;
        if (auto keys = sso_keys(situation_, profile, name))
            return keys;
        const auto source = fmt::format("the AWS profile {}", name);
        const bool shared = situation_.profiles.has_shared_keys(name);
        if (shared)
            return static_keys(profile, source);
        if (const auto command = profile.get("credential_process"))
            return process_keys(*command, name);
        return static_keys(profile, source);
    }

private:
    std::optional<Keys> assumed(const Section &profile, const std::string &name)
    {
        const auto arn = profile.get("role_arn");
        // With a token file the role is assumed by the token.
        if (!arn || profile.get("web_identity_token_file"))
            return std::nullopt;
        const auto whose = fmt::format("the AWS profile {}", name);
        return in_context([&] { return fmt::format("assuming the role of {}", whose); },
                          [&] {
                              if (profile.get("mfa_serial"))
                                  throw Error{
                                      ErrorKind::unsupported,
                                      fmt::format("{} wants a code of a second factor (mfa_serial)", whose)};
                              const Role role{*arn, profile.get("role_session_name").value_or(""),
                                              profile.get("external_id").value_or(""),
                                              profile.get("duration_seconds").value_or("")};
                              const auto keys = source_keys(profile, name, whose);
                              return assume_role(situation_, profile, role, keys,
                                                 fmt::format("the role {} of {}", *arn, whose));
                          });
    }

    Keys source_keys(const Section &profile, const std::string &name, const std::string &whose)
    {
        const auto other = profile.get("source_profile");
        const auto place = profile.get("credential_source");
        if (other && place)
            throw Error{ErrorKind::usage,
                        fmt::format("{} has both source_profile and credential_source", whose)};
        auto keys = other ? of_profile(*other, name) : place ? of_place(*place, whose) : std::nullopt;
        if (!other && !place)
            throw Error{
                ErrorKind::usage,
                fmt::format("{} has a role_arn, but no source_profile and no credential_source", whose)};
        if (!keys)
            throw Error{ErrorKind::denied, fmt::format("there are no keys to assume the role with in {}",
                                                       other ? "the AWS profile " + *other : *place)};
        return std::move(*keys);
    }

    std::optional<Keys> of_profile(const std::string &name, const std::string &from)
    {
        const auto profile = situation_.profiles.profile(name);
        if (!profile)
            throw Error{ErrorKind::usage, fmt::format("there is no AWS profile \"{}\"", name)};
        if (name == from)
            return static_keys(*profile, fmt::format("the AWS profile {}", name));
        if (!seen_.insert(name).second)
            throw Error{ErrorKind::usage, fmt::format("the AWS profile {} leads back to itself", name)};
        return find(*profile, name);
    }

    std::optional<Keys> of_place(const std::string &place, const std::string &whose)
    {
        std::string why;
        if (place == "Environment")
            return environment_keys(situation_.variables);
        if (place == "EcsContainer")
            return container_keys(situation_);
        if (place == "Ec2InstanceMetadata")
            return instance_keys(situation_, why);
        throw Error{ErrorKind::usage,
                    fmt::format("{} has the unknown credential_source \"{}\"", whose, place)};
    }

    const Situation &situation_;
    std::set<std::string> seen_;
};

} // namespace

std::string profile_name(const Variables &variables)
{
    return variables.first_of({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}).value_or("default");
}

Section chosen_profile(const Variables &variables, const Profiles &profiles)
{
    const auto name = profile_name(variables);
    const auto found = profiles.profile(name);
    if (!found && variables.first_of({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}))
        throw Error{ErrorKind::usage, fmt::format("there is no AWS profile \"{}\"", name)};
    return found.value_or(Section{});
}

std::optional<Keys> find_keys(const Situation &situation, std::string &why)
{
    if (auto keys = environment_keys(situation.variables))
        return keys;
    const auto name = profile_name(situation.variables);
    const auto profile = chosen_profile(situation.variables, situation.profiles);
    if (auto keys = ProfileKeys{situation}.find(profile, name))
        return keys;
    if (auto keys = container_keys(situation))
        return keys;
    std::string instance;
    auto keys = instance_keys(situation, instance);
    if (!keys)
        why = fmt::format("neither the environment nor the AWS profile {} nor a container has any, and {}",
                          name, instance);
    return keys;
}

} // namespace mica::auth::aws
