#include "oci/json.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace data = boost::unit_test::data;
using namespace mica::oci;
using mica::Digest;
using mica::ErrorKind;
using mica::from_unix;
using mica::test::kind_of;

namespace {

std::string with(const std::string &fields)
{
    return R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]})" +
           (fields.empty() ? "" : "," + fields) + "}";
}

const std::vector<std::string> broken{
    "",
    "null",
    "{}",
    R"({"rootfs":[]})",
    R"({"rootfs":{"type":"squashfs","diff_ids":[]}})",
    R"({"rootfs":{"type":"layers","diff_ids":["x"]}})",
    with(R"("config":[])"),
    with(R"("config":{"Env":"A=1"})"),
    with(R"("config":{"Env":[1]})"),
    with(R"("config":{"User":0})"),
    with(R"("config":{"Cmd":"sh"})"),
    with(R"("config":{"ExposedPorts":["80"]})"),
    with(R"("config":{"Healthcheck":{"Retries":9999999999}})"),
    with(R"("config":{"Healthcheck":{"Interval":"5s"}})"),
    with(R"("config":{"ArgsEscaped":"yes"})"),
    with(R"("created":"yesterday")"),
    with(R"("created":"2020-13-01T00:00:00Z")"),
    with(R"("history":{})"),
    with(R"("history":[{"empty_layer":1}])"),
};

} // namespace

BOOST_AUTO_TEST_SUITE(config_read)

BOOST_DATA_TEST_CASE(what_is_broken_is_refused, data::make(broken), text)
{
    BOOST_TEST(kind_of([&] { (void)parse_image_config(text); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(reads_as_it_was_written)
{
    ImageConfig config;
    config.created = from_unix(1'700'000'000) + std::chrono::nanoseconds{123'000'000};
    config.author = "me";
    config.platform = {
        .os = "linux", .architecture = "arm", .variant = "v7", .os_version = "1", .os_features = {"f"}};
    auto &c = config.config;
    c.user = "1:2";
    c.exposed_ports = {"80/tcp"};
    c.env = {"B=1", "A=", "A2=\xc3\xa9"};
    c.entrypoint = {""};
    c.cmd = {"c"};
    c.volumes = {"/v", "/w"};
    c.working_dir = "/w";
    c.labels = {{"a", ""}};
    c.stop_signal = "9";
    c.stop_timeout = 3;
    c.args_escaped = true;
    c.healthcheck = Healthcheck{.test = {"NONE"},
                                .interval = std::int64_t{1} << 40,
                                .timeout = 2,
                                .start_period = 3,
                                .start_interval = 4,
                                .retries = 5};
    c.on_build = {"RUN x"};
    c.shell = {"/bin/bash"};
    config.diff_ids = {Digest::parse("sha256:" + std::string(64, 'a')),
                       Digest::parse("sha256:" + std::string(64, 'b'))};
    config.history = {
        {.created = from_unix(1), .created_by = "x", .author = "h", .comment = "k", .empty_layer = true}, {}};
    BOOST_TEST((parse_image_config(to_json(config)) == config));
}

BOOST_AUTO_TEST_CASE(null_is_as_absent)
{
    const auto read = parse_image_config(with(
        R"("config":{"Env":null,"Cmd":null,"Entrypoint":null,"Volumes":null,"Labels":null,"OnBuild":null,"ExposedPorts":null,"Healthcheck":null},"history":null)"));
    BOOST_TEST((read.config == ContainerConfig{}));
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_as_absent)
{
    const auto read = parse_image_config(with(R"("config":{"Cmd":[],"Entrypoint":[]})"));
    BOOST_TEST(!read.config.cmd.has_value());
    BOOST_TEST(!read.config.entrypoint.has_value());
}

BOOST_AUTO_TEST_CASE(the_zero_time_of_go_is_no_time)
{
    BOOST_TEST(!parse_image_config(with(R"("created":"0001-01-01T00:00:00Z")")).created.has_value());
}

BOOST_AUTO_TEST_CASE(docker_s_own_fields_are_passed_over)
{
    BOOST_CHECK_NO_THROW((void)parse_image_config(with(
        R"("container":"c","docker_version":"20","container_config":{"Cmd":1},"config":{"Hostname":"h","Tty":false,"Image":"sha256:x"})")));
}

BOOST_AUTO_TEST_CASE(more_than_16_megabytes_are_refused)
{
    BOOST_TEST(kind_of([] {
                   (void)parse_image_config(with(R"("author":")" + std::string(17U << 20, 'a') + "\""));
               }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_SUITE_END()
