#pragma once
/// @file
/// PAX extended header records (POSIX.1-2001 pax, "pax Extended Header").
#include <map>
#include <string>
#include <string_view>

namespace mica::tar {

/// Keyword → value. A map: the order of the records is part of the bytes.
using PaxRecords = std::map<std::string, std::string>;

/// "<length> <keyword>=<value>\n", where the length counts itself.
[[nodiscard]] std::string pax_record(std::string_view keyword, std::string_view value);

/// All records, in the order of their keywords.
[[nodiscard]] std::string pax_body(const PaxRecords &records);

} // namespace mica::tar
