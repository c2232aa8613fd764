#include "io/hmac.hh"

#include "base/error.hh"
#include <limits>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace mica {

Digest::Bytes hmac_sha256(BytesView key, std::string_view message)
{
    if (key.size() > std::numeric_limits<int>::max())
        throw Error{ErrorKind::internal, "a key of an HMAC is too long"};
    Digest::Bytes bytes{};
    unsigned length = 0;
    // OpenSSL takes a null key for "the key of before".
    const auto *start = key.empty() ? "" : reinterpret_cast<const char *>(key.data());
    const auto *text = reinterpret_cast<const unsigned char *>(message.data());
    if (::HMAC(EVP_sha256(), start, static_cast<int>(key.size()), text, message.size(),
               reinterpret_cast<unsigned char *>(bytes.data()), &length) == nullptr ||
        length != bytes.size())
        throw Error{ErrorKind::internal, "an HMAC failed"};
    return bytes;
}

} // namespace mica
