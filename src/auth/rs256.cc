#include "auth/rs256.hh"

#include "auth/base64.hh"
#include "base/error.hh"
#include "base/handle.hh"
#include <algorithm>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace mica::auth {

namespace {

/// RFC 4648, section 5, without padding.
std::string base64_url(std::string_view bytes)
{
    auto text = base64_encode(bytes);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    while (text.ends_with('='))
        text.pop_back();
    return text;
}

} // namespace

std::string signed_jwt(std::string_view header, std::string_view claims, const std::string &private_key_pem)
{
    const auto text = base64_url(header) + "." + base64_url(claims);
    const Handle<BIO, BIO_free> pem{
        BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(private_key_pem.size()))};
    // No passphrase is asked for at the terminal.
    const auto refuse = [](char *, int, int, void *) { return -1; };
    const Handle<EVP_PKEY, EVP_PKEY_free> key{
        pem ? PEM_read_bio_PrivateKey(pem.get(), nullptr, refuse, nullptr) : nullptr};
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        throw Error{ErrorKind::usage, "the private key is no RSA key in PEM"};
    const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
    const auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
    std::size_t size = 0;
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
        throw Error{ErrorKind::internal, "signing with RSA failed"};
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size, bytes,
                       text.size()) != 1)
        throw Error{ErrorKind::internal, "signing with RSA failed"};
    signature.resize(size);
    return text + "." + base64_url(signature);
}

} // namespace mica::auth
