#include "dockerfile/ports.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <tuple>
#include <utility>

namespace mica::dockerfile {

namespace {

using Range = std::pair<std::uint16_t, std::uint16_t>;

Error invalid(std::string_view what, std::string_view text)
{
    return Error{ErrorKind::dockerfile, fmt::format("invalid {}: {}", what, text)}.with_hint(
        "EXPOSE takes port[-port][/protocol] with ports from 0 to 65535 and the protocols tcp, udp and sctp");
}

std::optional<std::uint16_t> port_number(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<Range> port_range(std::string_view text)
{
    const auto dash = text.find('-');
    const auto first = port_number(text.substr(0, dash));
    if (!first || dash == std::string_view::npos)
        return first ? std::optional{Range{*first, *first}} : std::nullopt;
    const auto last = port_number(text.substr(dash + 1));
    return last && *last >= *first ? std::optional{Range{*first, *last}} : std::nullopt;
}

void check_ip(std::string_view text)
{
    auto address = text;
    if (address.starts_with('[')) {
        address = address.substr(1);
        if (!address.ends_with(']'))
            throw invalid("IP address", text);
        address.remove_suffix(1);
        if (address.empty())
            return;
    }
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const std::string name{address};
    if (::inet_pton(AF_INET, name.c_str(), bytes.data()) != 1 &&
        ::inet_pton(AF_INET6, name.c_str(), bytes.data()) != 1)
        throw invalid("IP address", text);
}

/// "ip:host:port" into its parts; an IPv6 address has colons of its own.
void split_parts(std::string_view text, PortSpec &spec, std::string_view &port)
{
    const auto last = text.rfind(':');
    if (last == std::string_view::npos) {
        port = text;
        return;
    }
    port = text.substr(last + 1);
    const auto front = text.substr(0, last);
    const auto before = front.rfind(':');
    spec.host = before == std::string_view::npos ? front : front.substr(before + 1);
    if (before != std::string_view::npos)
        spec.ip = front.substr(0, before);
}

void take_protocol(std::string_view &port, PortSpec &spec)
{
    const auto slash = port.find('/');
    if (slash != std::string_view::npos)
        spec.written_protocol = port.substr(slash + 1);
    port = port.substr(0, slash);
    if (port.empty())
        throw invalid("port", fmt::format("\"{}\": no port specified", spec.text));
    spec.protocol = spec.written_protocol.empty() ? "tcp" : to_lower(spec.written_protocol);
    if (spec.protocol != "tcp" && spec.protocol != "udp" && spec.protocol != "sctp")
        throw invalid("port", fmt::format("\"{}\": invalid proto: {}", spec.text, spec.written_protocol));
}

} // namespace

PortSpec parse_port(std::string_view text)
{
    PortSpec spec;
    spec.text = text;
    std::string_view port;
    split_parts(text, spec, port);
    take_protocol(port, spec);
    if (!spec.ip.empty())
        check_ip(spec.ip);
    const auto container = port_range(port);
    if (!container)
        throw invalid("containerPort", port);
    std::tie(spec.first, spec.last) = *container;
    if (spec.host.empty())
        return spec;
    const auto host = port_range(spec.host);
    if (!host)
        throw invalid("hostPort", spec.host);
    // One container port may be published on any of a range of host ports.
    if (spec.first != spec.last && spec.last - spec.first != host->second - host->first)
        throw invalid("ranges specified for container and host Ports",
                      fmt::format("{} and {}", port, spec.host));
    return spec;
}

std::vector<std::string> exposed_ports(const PortSpec &spec)
{
    std::vector<std::string> out;
    for (unsigned port = spec.first; port <= spec.last; ++port)
        out.push_back(fmt::format("{}/{}", port, spec.protocol));
    return out;
}

} // namespace mica::dockerfile
