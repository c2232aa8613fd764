#pragma once
/// @file
/// AWS's shared files, ~/.aws/config and ~/.aws/credentials.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#include "auth/variables.hh"
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mica::auth::aws {

/// What one section says. A setting below a setting ("s3 =", then indented "region = x") has both
/// names: "s3.region".
class Section {
public:
    [[nodiscard]] std::optional<std::string> get(const std::string &name) const;
    /// Throws Error (usage) that names what is missing and who needs it.
    [[nodiscard]] std::string need(const std::string &name, const std::string &whose) const;
    void set(std::string name, std::string value)
    {
        values_.insert_or_assign(std::move(name), std::move(value));
    }
    /// What the other says wins.
    void merge(const Section &other);

private:
    std::map<std::string, std::string> values_;
};

/// Sections by their head, blanks collapsed: "default", "profile ci", "sso-session corp". Throws
/// Error (usage) with the line; shows none of the values.
[[nodiscard]] std::map<std::string, Section> parse_shared_file(std::string_view text,
                                                               const std::string &where);

class Profiles {
public:
    Profiles() = default;
    /// Reads AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or the files in HOME; a file that is
    /// not there is empty. Throws Error.
    [[nodiscard]] static Profiles load(const Variables &variables);
    Profiles(std::map<std::string, Section> config, std::map<std::string, Section> credentials)
        : config_{std::move(config)}, credentials_{std::move(credentials)}
    {
    }

    /// Both files' words on a profile; those of the credentials file win.
    [[nodiscard]] std::optional<Section> profile(const std::string &name) const;
    /// Whether the keys of the profile stand in the credentials file.
    [[nodiscard]] bool has_shared_keys(const std::string &name) const;
    /// "sso-session NAME", "services NAME".
    [[nodiscard]] std::optional<Section> section(const std::string &kind, const std::string &name) const;

private:
    std::map<std::string, Section> config_, credentials_;
};

} // namespace mica::auth::aws
