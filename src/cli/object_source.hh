#pragma once
/// @file
/// Contexts in the stores of clouds: the join of what is fetched (context/) and who asks (auth/).
#include "context/fetch_access.hh"
#include "context/http_fetch.hh"
#include <memory>
#include <stop_token>
#include <string_view>

namespace mica::cli {

/// "s3://BUCKET/KEY", "gs://BUCKET/OBJECT", "https://ACCOUNT.blob.core.windows.net/CONTAINER/BLOB".
[[nodiscard]] bool is_object(std::string_view context);

/// How such an object is asked for; without a key it is context.tar.gz. Keys and tokens come from the
/// variables in `access`, which outlives it. Throws Error (usage).
[[nodiscard]] std::unique_ptr<context::Requests>
object_requests(std::string_view context, const context::FetchAccess &access, const std::stop_token &stop);

} // namespace mica::cli
