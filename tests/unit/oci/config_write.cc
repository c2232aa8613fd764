#include "oci/json.hh"

#include <boost/test/unit_test.hpp>

using namespace mica::oci;
using mica::Digest;
using mica::from_unix;

BOOST_AUTO_TEST_SUITE(config_write)

BOOST_AUTO_TEST_CASE(an_empty_image_has_its_required_fields)
{
    ImageConfig config;
    config.platform = {.os = "linux", .architecture = "amd64"};
    BOOST_TEST(
        to_json(config) ==
        R"({"architecture":"amd64","config":{},"os":"linux","rootfs":{"type":"layers","diff_ids":[]}})");
}

BOOST_AUTO_TEST_CASE(a_full_image_has_every_key_in_order)
{
    ImageConfig config;
    config.created = from_unix(0);
    config.author = "me";
    config.platform = {
        .os = "linux", .architecture = "arm", .variant = "v7", .os_version = "1", .os_features = {"f"}};
    auto &c = config.config;
    c.user = "u";
    c.exposed_ports = {"80/tcp", "443/tcp"};
    c.env = {"B=1", "A=2"};
    c.entrypoint = {"/e"};
    c.cmd = {"c", "d"};
    c.volumes = {"/v"};
    c.working_dir = "/w";
    c.labels = {{"z", "1"}, {"a", "2"}};
    c.stop_signal = "SIGINT";
    c.stop_timeout = 0;
    c.args_escaped = true;
    c.healthcheck = Healthcheck{.test = {"CMD", "x"},
                                .interval = 1,
                                .timeout = 2,
                                .start_period = 3,
                                .start_interval = 4,
                                .retries = 5};
    c.on_build = {"RUN x"};
    c.shell = {"/bin/bash", "-c"};
    config.diff_ids = {Digest::parse("sha256:" + std::string(64, 'a'))};
    config.history = {{.created = from_unix(1),
                       .created_by = "RUN a && b <c>",
                       .author = "h",
                       .comment = "k",
                       .empty_layer = true},
                      {}};
    BOOST_TEST(
        to_json(config) ==
        R"({"architecture":"arm","author":"me","config":{"User":"u","ExposedPorts":{"443/tcp":{},"80/tcp":{}},)"
        R"("Env":["B=1","A=2"],"Entrypoint":["/e"],"Cmd":["c","d"],"Volumes":{"/v":{}},"WorkingDir":"/w",)"
        R"("Labels":{"a":"2","z":"1"},"StopSignal":"SIGINT","ArgsEscaped":true,)"
        R"("Healthcheck":{"Test":["CMD","x"],"Interval":1,"Timeout":2,"StartPeriod":3,"StartInterval":4,"Retries":5},)"
        R"("OnBuild":["RUN x"],"StopTimeout":0,"Shell":["/bin/bash","-c"]},"created":"1970-01-01T00:00:00Z",)"
        R"("history":[{"created":"1970-01-01T00:00:01Z","created_by":"RUN a && b <c>","author":"h","comment":"k","empty_layer":true},{}],)"
        R"("os":"linux","os.features":["f"],"os.version":"1","rootfs":{"type":"layers","diff_ids":["sha256:)" +
            std::string(64, 'a') + R"("]},"variant":"v7"})");
}

BOOST_AUTO_TEST_CASE(an_empty_command_is_left_out)
{
    ImageConfig config;
    config.config.cmd.emplace();
    BOOST_TEST(to_json(config).find("Cmd") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_inherited_healthcheck_is_an_empty_object)
{
    ImageConfig config;
    config.config.healthcheck.emplace();
    BOOST_TEST(to_json(config).find(R"("config":{"Healthcheck":{}})") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
