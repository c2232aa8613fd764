#pragma once
/// @file
/// AWS Signature Version 4, as pure functions of the request, the keys and the time.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
#include "base/clock.hh"
#include "net/request.hh"
#include <string>
#include <string_view>

namespace mica::auth::aws {

/// A pair of keys; `session_token` is there when the pair is temporary.
struct SigningKeys {
    std::string id, secret, session_token;
};

/// What a signature is good for: one service of one region, on the day of its time.
struct SigningScope {
    std::string region, service;
};

/// A request, as it goes over the wire.
struct Signable {
    std::string_view method;
    std::string_view path;      ///< percent-encoded, as sent; "/" at least
    std::string_view query;     ///< as sent, without the question mark
    net::Headers headers;       ///< all of them get signed; Host and X-Amz-Date are among them
    std::string payload_sha256; ///< hex digits, or a word that S3 knows ("UNSIGNED-PAYLOAD")
    /// S3 takes the path as it is; every other service escapes it once more.
    bool path_as_sent = false;
};

/// "20150830T123600Z".
[[nodiscard]] std::string amz_date(Time time);
[[nodiscard]] std::string canonical_request(const Signable &request);
/// The value of Authorization.
[[nodiscard]] std::string authorization(const Signable &request, const SigningKeys &keys,
                                        const SigningScope &scope, Time time);

/// Adds what makes AWS believe the request: X-Amz-Date, X-Amz-Security-Token where the keys have
/// one, for S3 ("s3" as the service) X-Amz-Content-Sha256, and Authorization. All headers that are
/// there get signed, so none of them may be changed afterwards. The body must be nothing or a
/// text. Throws Error (internal) for a stream.
void sign(net::Request &request, const SigningKeys &keys, const SigningScope &scope, Time time);

} // namespace mica::auth::aws
