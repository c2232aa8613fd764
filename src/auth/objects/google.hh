#pragma once
/// @file
/// Files in Google's storage.
/// https://cloud.google.com/storage/docs/json_api/v1/objects/get
#include "auth/variables.hh"
#include "base/clock.hh"
#include "net/client.hh"
#include <optional>
#include <stop_token>
#include <string>

namespace mica::auth {

/// The address of an object's bytes: at STORAGE_EMULATOR_HOST, if that is set, else at Google's. Throws Error
/// (usage).
[[nodiscard]] net::Url google_object_address(const Variables &variables, const std::string &bucket,
                                             const std::string &object);

/// The request, with a token of Application Default Credentials where there are any; an emulator wants none.
/// Throws Error (usage, denied, network), Cancelled.
[[nodiscard]] net::Request google_object(net::Client &network, const Variables &variables, const Clock &clock,
                                         const std::string &bucket, const std::string &object,
                                         const std::stop_token &stop);

} // namespace mica::auth
