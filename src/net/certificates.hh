#pragma once
/// @file
/// The certificates of the authorities that this machine trusts.
#include <string>

namespace mica::net {

/// The PEM text of `file`; of $SSL_CERT_FILE where it is empty; else of the first bundle
/// that is there among the places where distributions keep it. Empty when there is none:
/// https then fails, plain HTTP still works. Throws Error for a file that is named and cannot be read.
[[nodiscard]] std::string trusted_certificates(const std::string &file);

} // namespace mica::net
