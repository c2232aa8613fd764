#include "tar/pax.hh"

namespace mica::tar {

std::string pax_record(std::string_view keyword, std::string_view value)
{
    // The number at the front counts its own digits, so that one more digit may
    // make the number one digit longer: try again until it holds still.
    const std::size_t rest = keyword.size() + value.size() + 3; // ' ', '=' and '\n'
    std::size_t total = rest + 1;
    while (rest + std::to_string(total).size() != total)
        total = rest + std::to_string(total).size();
    std::string record = std::to_string(total);
    record.reserve(total);
    record += ' ';
    record += keyword;
    record += '=';
    record += value;
    record += '\n';
    return record;
}

std::string pax_body(const PaxRecords &records)
{
    std::string body;
    for (const auto &[keyword, value] : records)
        body += pax_record(keyword, value);
    return body;
}

} // namespace mica::tar
