#pragma once
/// @file
/// Image names, as distribution/reference reads and normalises them.
#include "base/digest.hh"
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace mica::oci {

/// registry/repository[:tag][@digest], defaults already applied (docker.io,
/// library/; :latest unless a digest is given), so two equal images compare equal.
class Reference {
public:
    /// Throws Error (usage) that says what is wrong with the name.
    [[nodiscard]] static Reference parse(std::string_view text);

    [[nodiscard]] const std::string &registry() const noexcept { return registry_; }
    [[nodiscard]] const std::string &repository() const noexcept { return repository_; }
    [[nodiscard]] const std::optional<std::string> &tag() const noexcept { return tag_; }
    [[nodiscard]] const std::optional<Digest> &digest() const noexcept { return digest_; }

    /// The same repository under this tag, without a digest. Throws Error (usage) for
    /// what cannot be a tag.
    [[nodiscard]] Reference with_tag(std::string tag) const;
    /// The same repository (and tag, which then only says what was meant) at this digest.
    [[nodiscard]] Reference with_digest(const Digest &digest) const;

    /// Full: "docker.io/library/alpine:latest".
    [[nodiscard]] std::string str() const;
    /// As users write it: "alpine:latest", "user/app:1", "registry.example/app:1".
    [[nodiscard]] std::string familiar() const;
    /// What goes into a manifest request: the digest if there is one, else the tag.
    [[nodiscard]] std::string manifest_key() const;
    /// "registry/repository".
    [[nodiscard]] std::string name() const { return registry_ + "/" + repository_; }

    auto operator<=>(const Reference &) const = default;

private:
    Reference() = default;
    std::string registry_, repository_;
    std::optional<std::string> tag_;
    std::optional<Digest> digest_;
};

} // namespace mica::oci
