#pragma once
/// @file
/// Finding out early what a push would find out late.
#include "oci/reference.hh"
#include "registry/session.hh"
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::registry {

/// See Registry::check_push(); creates nothing.
void check_push(Session &session, const oci::Reference &image, const std::stop_token &stop);
/// See Registry::check_login().
void check_login(Session &session, const oci::Reference &image, const std::stop_token &stop);
/// See Registry::tags(); follows the pages of the answer, bounded.
[[nodiscard]] std::optional<std::vector<std::string>> list_tags(Session &session, const oci::Reference &image,
                                                                const std::stop_token &stop);

} // namespace mica::registry
