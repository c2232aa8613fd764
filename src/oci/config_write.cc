// The outer object has its keys sorted, as BuildKit writes it; the inner ones have the order of the
// image-spec's structs, with Docker's additional fields after OCI's.
#include "oci/detail/json_write.hh"
#include "oci/json.hh"

namespace mica::oci {

namespace {

using detail::OrderedJson;

template <class Value> void put(OrderedJson &out, const char *key, const Value &value)
{
    if (value != Value{})
        out[key] = value;
}

void put(OrderedJson &out, const char *key, const std::optional<Time> &time)
{
    if (time)
        out[key] = format_rfc3339(*time);
}

/// An empty list is left out, as by every other builder: it says the same as none.
void put(OrderedJson &out, const char *key, const std::optional<std::vector<std::string>> &texts)
{
    if (texts && !texts->empty())
        out[key] = *texts;
}

/// A set in JSON: an object of empty objects.
void put(OrderedJson &out, const char *key, const std::set<std::string> &names)
{
    for (const auto &name : names)
        out[key][name] = OrderedJson::object();
}

OrderedJson write_healthcheck(const Healthcheck &check)
{
    OrderedJson out = OrderedJson::object();
    put(out, "Test", check.test);
    put(out, "Interval", check.interval);
    put(out, "Timeout", check.timeout);
    put(out, "StartPeriod", check.start_period);
    put(out, "StartInterval", check.start_interval);
    put(out, "Retries", check.retries);
    return out;
}

OrderedJson write_container_config(const ContainerConfig &config)
{
    OrderedJson out = OrderedJson::object();
    put(out, "User", config.user);
    put(out, "ExposedPorts", config.exposed_ports);
    put(out, "Env", config.env);
    put(out, "Entrypoint", config.entrypoint);
    put(out, "Cmd", config.cmd);
    put(out, "Volumes", config.volumes);
    put(out, "WorkingDir", config.working_dir);
    put(out, "Labels", config.labels);
    put(out, "StopSignal", config.stop_signal);
    put(out, "ArgsEscaped", config.args_escaped);
    if (config.healthcheck)
        out["Healthcheck"] = write_healthcheck(*config.healthcheck);
    put(out, "OnBuild", config.on_build);
    if (config.stop_timeout)
        out["StopTimeout"] = *config.stop_timeout;
    put(out, "Shell", config.shell);
    return out;
}

OrderedJson write_history(const History &history)
{
    OrderedJson out = OrderedJson::object();
    put(out, "created", history.created);
    put(out, "created_by", history.created_by);
    put(out, "author", history.author);
    put(out, "comment", history.comment);
    put(out, "empty_layer", history.empty_layer);
    return out;
}

OrderedJson write_rootfs(const std::vector<Digest> &diff_ids)
{
    OrderedJson out = OrderedJson::object();
    out["type"] = "layers";
    out["diff_ids"] = OrderedJson::array(); // never null: readers refuse that
    for (const auto &id : diff_ids)
        out["diff_ids"].push_back(id.str());
    return out;
}

} // namespace

std::string to_json(const ImageConfig &config)
{
    OrderedJson out = OrderedJson::object();
    out["architecture"] = config.platform.architecture;
    put(out, "author", config.author);
    out["config"] = write_container_config(config.config);
    put(out, "created", config.created);
    if (!config.history.empty()) {
        out["history"] = OrderedJson::array();
        for (const auto &entry : config.history)
            out["history"].push_back(write_history(entry));
    }
    out["os"] = config.platform.os;
    put(out, "os.features", config.platform.os_features);
    put(out, "os.version", config.platform.os_version);
    out["rootfs"] = write_rootfs(config.diff_ids);
    put(out, "variant", config.platform.variant);
    return detail::dump(out);
}

} // namespace mica::oci
