// Any bytes are a file of AWS's, an answer of a cloud, a configuration of docker's, or refused; nothing that
// is read is read past its end, and what is found has what its users need of it.
#include "auth/aws/answers.hh"
#include "auth/aws/keys.hh"
#include "auth/aws/profile.hh"
#include "auth/base64.hh"
#include "auth/docker_config.hh"
#include "base/error.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

template <class Body> void may_refuse(ErrorKind allowed, Body &&body)
try {
    body();
} catch (const Error &error) {
    require(error.kind() == allowed || error.kind() == ErrorKind::integrity, "an error of the document");
}

void check_aws(std::string_view text)
{
    may_refuse(ErrorKind::usage, [&] {
        const auto sections = auth::aws::parse_shared_file(text, "config");
        const auto again = auth::aws::Profiles{sections, sections};
        for (const auto &[name, section] : sections)
            static_cast<void>(again.profile(name));
    });
    may_refuse(ErrorKind::denied, [&] {
        const auto keys = auth::aws::parse_keys(text, "Token", "a test");
        require(!keys.signing.id.empty() && !keys.signing.secret.empty(), "keys are whole");
    });
    const auto now = from_unix(1'700'000'000);
    if (const auto token = auth::aws::parse_authorization(text, now))
        require(token->fetched == now, "a token is as old as its answer");
    static_cast<void>(auth::aws::parse_error_type(text));
    for (const auto *element : {"Code", "Message", "AccessKeyId", "Expiration"})
        if (const auto found = auth::aws::xml_text(text, element))
            require(found->size() <= text.size(), "an element is a part of its document");
}

void check_docker(std::string_view text)
{
    may_refuse(ErrorKind::usage, [&] {
        const auto config = auth::parse_docker_config(text, "config.json");
        for (const auto &[server, login] : config.logins)
            require(auth::normalize_server(server) == server, "servers have one name");
        static_cast<void>(auth::longest_match(config.logins, oci::Reference::parse("r.example/team/app:1")));
    });
    if (const auto plain = auth::base64_decode(text))
        require(auth::base64_decode(auth::base64_encode(*plain)) == plain, "base64 reads as it was written");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    check_aws(text);
    check_docker(text);
    return 0;
}
