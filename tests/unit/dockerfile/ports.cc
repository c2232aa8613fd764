#include "dockerfile/ports.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;

const Row accepted[] = {
    {"80", "80/tcp"},
    {"0", "0/tcp"},
    {"65535", "65535/tcp"},
    {"53/udp", "53/udp"},
    {"53/", "53/tcp"},
    {"5/SCTP", "5/sctp"},
    {"80-82", "80/tcp 81/tcp 82/tcp"},
    {"8080:80", "80/tcp"},
    {"1-2:80-81/udp", "80/udp 81/udp"},
    {"9000-9010:80", "80/tcp"},
    {"127.0.0.1:8080:80", "80/tcp"},
    {"127.0.0.1::80", "80/tcp"},
    {"[::1]:8080:80", "80/tcp"},
    {"::1:8080:80", "80/tcp"},
    {"[::ffff:10.0.0.1]::80", "80/tcp"},
};

const Row refused[] = {
    {"", "no port"},
    {"/tcp", "no port"},
    {"80:", "no port"},
    {"80/http", "invalid proto: http"},
    {"80/tcp/udp", "invalid proto: tcp/udp"},
    {"65536", "containerPort: 65536"},
    {"-1", "containerPort: -1"},
    {"80-", "containerPort: 80-"},
    {"81-80", "containerPort: 81-80"},
    {"1-2-3", "containerPort: 1-2-3"},
    {"http", "containerPort: http"},
    {" 80", "containerPort:  80"},
    {"x:80", "hostPort: x"},
    {"1-3:80-81", "ranges"},
    {"localhost:80:80", "IP address: localhost"},
    {"1.2.3:80:80", "IP address: 1.2.3"},
    {"01.2.3.4:80:80", "IP address: 01.2.3.4"},
    {"[::1:80:80", "IP address: [::1"},
    {"[::1%eth0]:80:80", "IP address"},
};

std::string joined(const std::vector<std::string> &parts)
{
    std::string out;
    for (const auto &part : parts)
        out += (out.empty() ? "" : " ") + part;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ports)

BOOST_DATA_TEST_CASE(a_port_is_exposed, data::make(accepted), row)
{
    BOOST_TEST(joined(exposed_ports(parse_port(row.input))) == row.output);
}

BOOST_DATA_TEST_CASE(a_bad_port_is_refused, data::make(refused), row)
{
    const auto message = failure([&] { return parse_port(row.input); });
    BOOST_TEST(contains(message, row.output), message);
}

BOOST_AUTO_TEST_CASE(all_parts_are_told)
{
    const auto spec = parse_port("10.0.0.1:1-2:80-81/TCP");
    BOOST_TEST(spec.ip == "10.0.0.1");
    BOOST_TEST(spec.host == "1-2");
    BOOST_TEST(spec.first == 80);
    BOOST_TEST(spec.last == 81);
    BOOST_TEST(spec.protocol == "tcp");
    BOOST_TEST(spec.written_protocol == "TCP");
}

BOOST_AUTO_TEST_CASE(all_ports_can_be_exposed)
{
    BOOST_TEST(exposed_ports(parse_port("0-65535")).size() == 65536U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
