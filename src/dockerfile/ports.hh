#pragma once
/// @file
/// What EXPOSE takes: [[ip:]host:]port[-port][/protocol].
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

struct PortSpec {
    std::string text;     ///< as given
    std::string ip, host; ///< checked, but without effect on an image
    std::uint16_t first = 0, last = 0;
    std::string protocol;         ///< "tcp", "udp" or "sctp"
    std::string written_protocol; ///< as written, empty if not
};

/// `text` is expanded. Throws Error (dockerfile).
[[nodiscard]] PortSpec parse_port(std::string_view text);
/// "80/tcp" and so on: the keys of the config's ExposedPorts, ascending.
[[nodiscard]] std::vector<std::string> exposed_ports(const PortSpec &spec);

} // namespace mica::dockerfile
