#include "net/http_date.hh"

#include "base/text.hh"
#include <curl/curl.h>
#include <string>

namespace mica::net {

std::optional<Time> parse_http_date(std::string_view value)
{
    const auto date = curl_getdate(std::string{trim(value)}.c_str(), nullptr);
    return date < 0 ? std::nullopt : std::optional{from_unix(date)};
}

} // namespace mica::net
