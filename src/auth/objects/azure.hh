#pragma once
/// @file
/// Files in Azure's blob storage.
/// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
#include "auth/variables.hh"
#include "base/clock.hh"
#include "net/client.hh"
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::auth {

/// ACCOUNT.blob.core.windows.net, and its sisters in the clouds of other countries.
[[nodiscard]] bool is_azure_storage(std::string_view host);

/// The value of Authorization for a request as it is sent: all its headers that begin with "x-ms-" are
/// signed. `key` is base64, as Azure shows it. Throws Error (usage) if it is not.
[[nodiscard]] std::string shared_key_authorization(const net::Request &request, std::string_view account,
                                                   std::string_view key);

/// The request for a blob: signed with AZURE_STORAGE_ACCESS_KEY, where that is set; as it is, where the
/// address has a signature itself (SAS); else with a token of AZURE_CLIENT_ID or of the managed identity,
/// where there is one. Throws Error (usage, denied, network), Cancelled.
[[nodiscard]] net::Request azure_blob(net::Client &network, const Variables &variables, const Clock &clock,
                                      const net::Url &address, const std::stop_token &stop);

} // namespace mica::auth
