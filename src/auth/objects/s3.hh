#pragma once
/// @file
/// Files in Amazon's S3, and in what speaks its protocol.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
#include "auth/aws/key_ring.hh"
#include "net/request.hh"
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::auth {

struct S3Place {
    std::string bucket, key;
    std::string region;
    std::optional<net::Url> endpoint{}; ///< unset: Amazon's in the region
    bool path_style = false;            ///< the bucket stands in the path, not in the host's name
    bool fips = false, dual_stack = false;
};

/// A bucket that cannot be part of a host's name (an endpoint that is an address, a dot in the bucket's
/// name under TLS) stands in the path anyway.
[[nodiscard]] net::Url s3_address(const S3Place &place);

/// Gets one object, again and again. Regions, endpoints and keys as AWS's own tools find them, and
/// S3_ENDPOINT and S3_FORCE_PATH_STYLE before them; without keys the request is not signed. `keys` outlives
/// it.
class S3Object {
public:
    /// Throws Error (usage).
    S3Object(aws::KeyRing &keys, std::string bucket, std::string key, const std::stop_token &stop);

    /// Throws Error as find_keys() does, Cancelled.
    [[nodiscard]] net::Request get();
    /// True: the answer names another region, and the next request goes there.
    [[nodiscard]] bool learn(const net::Headers &headers);
    /// Where keys were looked for in vain; empty: there are some.
    [[nodiscard]] const std::string &why_no_keys() const noexcept { return why_; }

private:
    aws::KeyRing &keys_;
    S3Place place_;
    std::stop_token stop_;
    std::string why_;
};

} // namespace mica::auth
