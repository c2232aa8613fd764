#pragma once
/// @file
/// The image configuration: OCI's config.md with Docker's additional fields, which
/// are written to OCI images too (as BuildKit does).
#include "base/clock.hh"
#include "oci/model.hh"
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mica::oci {

struct History {
    std::optional<Time> created;
    std::string created_by, author, comment;
    bool empty_layer = false;
    bool operator==(const History &) const = default;
};

/// Durations in nanoseconds; zero means "inherit", as Docker has it.
struct Healthcheck {
    std::vector<std::string> test; ///< {"NONE"}, {"CMD", …} or {"CMD-SHELL", text}
    std::int64_t interval = 0, timeout = 0, start_period = 0, start_interval = 0;
    int retries = 0;
    bool operator==(const Healthcheck &) const = default;
};

/// What a container runs with: the "config" object.
struct ContainerConfig {
    std::string user;
    std::set<std::string> exposed_ports; ///< "80/tcp"
    std::vector<std::string> env;        ///< "NAME=value", in order of first definition
    std::optional<std::vector<std::string>> entrypoint, cmd;
    std::set<std::string> volumes;
    std::string working_dir;
    std::map<std::string, std::string> labels;
    std::string stop_signal;
    std::optional<int> stop_timeout;
    bool args_escaped = false;
    std::optional<Healthcheck> healthcheck;
    std::vector<std::string> on_build;
    std::optional<std::vector<std::string>> shell;
    bool operator==(const ContainerConfig &) const = default;
};

struct ImageConfig {
    std::optional<Time> created;
    std::string author;
    Platform platform;
    ContainerConfig config;
    std::vector<Digest> diff_ids;
    std::vector<History> history;
    bool operator==(const ImageConfig &) const = default;
};

} // namespace mica::oci
