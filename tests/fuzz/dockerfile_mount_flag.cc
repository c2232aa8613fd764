// Any flag is typed or refused; fields that are quoted come back as they were; an
// array of strings comes back from its JSON.
#include "base/error.hh"
#include "dockerfile/csv.hh"
#include "dockerfile/device_flag.hh"
#include "dockerfile/duration.hh"
#include "dockerfile/json_array.hh"
#include "dockerfile/mount_flag.hh"
#include "dockerfile/ports.hh"
#include "dockerfile/signals.hh"
#include "dockerfile/sizes.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace mica;
using namespace mica::dockerfile;
using fuzz::require;

template <class Body> void may_refuse(Body &&body)
try {
    body();
} catch (const Error &error) {
    require(error.kind() == ErrorKind::dockerfile, "an error of the Dockerfile's kind");
}

std::string quoted_field(const std::string &field)
{
    std::string out = "\"";
    for (const char c : field)
        out += c == '"' ? std::string{"\"\""} : std::string{c};
    return out + '"';
}

void check_csv(const std::string &text)
{
    const auto fields = csv_fields(text);
    std::string line;
    for (const auto &field : fields)
        line += (line.empty() ? "" : ",") + quoted_field(field);
    require(csv_fields(line) == fields, "quoted fields come back");
}

std::string json_string(const std::string &text)
{
    constexpr char hex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20)
            out += std::string{"\\u00"} + hex[byte >> 4U] + hex[byte & 15U];
        else
            out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    return out + '"';
}

void check_json(const std::string &text)
{
    static_cast<void>(parse_json_array(text));
    const auto array = parse_json_array("[" + json_string(text) + ", \"\"]");
    require(array && array->only_strings, "a string in brackets is an array");
    require(array->strings == std::vector<std::string>{text, ""}, "its strings come back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const std::string text{reinterpret_cast<const char *>(bytes), size};
    may_refuse([&] {
        static_cast<void>(parse_mount({text}, [](std::string_view value) { return std::string{value}; }));
    });
    may_refuse([&] { check_csv(text); });
    check_json(text);
    may_refuse([&] { static_cast<void>(parse_device(text)); });
    may_refuse([&] { require(!exposed_ports(parse_port(text)).empty(), "a port exposes one"); });
    may_refuse([&] { static_cast<void>(parse_duration(text)); });
    static_cast<void>(parse_signal(text));
    static_cast<void>(parse_size(text));
    return 0;
}
