#pragma once
/// @file
/// Files with times in them, with other times in them. The size never changes; bytes that do not have the
/// expected form stay as they are. Seconds since 1970.
#include <cstdint>
#include <string>

namespace mica::exec {

/// PEP 552: the time of the source is at most `latest`, as the source itself is in the layer.
void fix_pyc(std::string &bytes, std::int64_t latest);
/// System V and BSD archives: members have time, owner and group 0, as "ar D" writes them.
void fix_ar(std::string &bytes);
/// RFC 1952: no time in the header of the first member.
void fix_gzip(std::string &bytes);
/// APPNOTE.TXT 6.3: members have the time `time` (1980 at the earliest), where their headers and the
/// directory say it, and in the extra fields of Info-ZIP.
void fix_zip(std::string &bytes, std::int64_t time);

} // namespace mica::exec
