#include "cli/kaniko/variables.hh"

#include "base/error.hh"
#include "cli/kaniko/flag.hh"
#include <array>
#include <fmt/format.h>

namespace mica::cli::kaniko {

namespace {

constexpr std::string_view feature_prefix = "FF_KANIKO_";

constexpr std::array general{
    Variable{"DOCKER_CONFIG", "The directory of docker's config.json with the credentials of registries."},
    Variable{"DOCKER_AUTH_CONFIG",
             "Credentials as JSON; they are asked before config.json, registry by registry."},
    Variable{"REGISTRY_AUTH_FILE",
             "Credentials in the form of podman's auth.json; also where podman keeps it."},
    Variable{"HTTP_PROXY, HTTPS_PROXY, NO_PROXY", "The proxy for registries, in either case of letters."},
    Variable{"SSL_CERT_FILE", "Certificates of the authorities that are trusted, as a file."},
    Variable{"SSL_CERT_DIR",
             "The same as a directory: every file in it is read, beside the system's certificates."},
    Variable{"BUILDER_OUTPUT",
             "A directory whose file \"images\" gets an object {\"name\", \"digest\"} for each destination."},
    Variable{"SOURCE_DATE_EPOCH", "Not Kaniko's: the time of the image, in seconds since 1970."},
    Variable{"MICA_STATE", "Not Kaniko's: the directory where mica keeps its state."},
    Variable{"SNAPSHOT_TIMEOUT_DURATION", "Without effect: changes are found in the time that they need."},
    Variable{"UPSTREAM_CLIENT_TYPE", "Without effect."},
    Variable{"BENCHMARK_FILE", "Without effect; --log-format json has the time of every event."},
    Variable{"KANIKO_PRINT_PLAN",
             "Set: the stages and steps are shown on standard output before they are built."},
    Variable{"KANIKO_IGNORE_ASSERTIONS", "Without effect: there are no assertions to ignore."},
    Variable{"KANIKO_TELEMETRY_ENDPOINT, OTEL_*", "Without effect: nothing is sent anywhere."},
    Variable{"container", "Without effect: mica does not care whether it is in a container."},
};

constexpr std::string_view always = "Always so.";

constexpr std::array features{
    Variable{"BUILDKIT_ARG_ENV_PRECEDENCE", always},
    Variable{"CACHE_LOOKAHEAD", "Keys are known as soon as their inputs are."},
    Variable{"CACHE_PROBE_AFTER_MISS", "Every step is looked up."},
    Variable{"CHOWN_ON_IMPLICIT_DIRS", "Owners of new directories are as in the Dockerfile reference."},
    Variable{"CLEAN_KANIKO_DIR", "Nothing of one build is left to another."},
    Variable{"COPY_AS_ROOT", "COPY and ADD make files of root unless --chown says otherwise. With 0, f or "
                             "false they make files of "
                             "the current USER, as Kaniko does without the variable."},
    Variable{"COPY_CHMOD_ON_IMPLICIT_DIRS", "Modes of new directories are as in the Dockerfile reference."},
    Variable{"CROSS_REPO_MOUNT", "Layers that the registry has are mounted, not sent."},
    Variable{"DEPRECATE_INTER_STAGE_RESTORE", "There is nothing to restore between stages."},
    Variable{"DISABLE_HTTP2", "Uploads use HTTP/1.1 with several connections, which is faster."},
    Variable{"EXPAND_HEREDOC", always},
    Variable{"HASH_DIR_FRAMING", always},
    Variable{"IGNORE_CACHED_MANIFEST", "The cache has no manifests that could be wrong."},
    Variable{"INFER_CROSS_STAGE_CACHE_KEY", "A COPY's key is what it copies, from wherever."},
    Variable{"NO_PROPAGATE_ANNOTATIONS", "Annotations of the base are not inherited."},
    Variable{"OCI_SCRATCH_BASE", "See --image-format."},
    Variable{"OCI_WARMER", "The warmer's directory holds OCI layouts."},
    Variable{"PATH_SCOPED_REGISTRY_AUTH", "Credentials may be for a part of a registry."},
    Variable{"PRECOMPILE_DOCKERIGNORE", always},
    Variable{"PRESERVE_HARDLINKS", always},
    Variable{"PRESERVE_MOUNTED_PATHS", "Mounts of the container are not part of the image's tree."},
    Variable{"RELATIVE_LINK_TARGETS", always},
    Variable{"REPRODUCIBLE_PRESERVE_BASE_LAYERS", always},
    Variable{"RESOLVE_CACHE_KEY", always},
    Variable{"ROLLING_CACHE_KEY", always},
    Variable{"RUN_HONOR_GROUP", always},
    Variable{"RUN_MOUNT_BIND", "All five kinds of mounts are done."},
    Variable{"RUN_VIA_TINI", "Processes that a RUN leaves behind are reaped, and ended."},
    Variable{"SCOPED_DOCKERIGNORE", always},
    Variable{"SECUREJOIN_EXTRACTION", "No path leads out of the image's tree."},
    Variable{"SHARED_BASE_CACHE", "Every blob is fetched once."},
    Variable{"SKIP_CACHED_STAGES", "Nothing is unpacked that no RUN needs."},
    Variable{"SKIP_RELABEL_RECOMPRESS", "Layers of the base are never compressed again."},
    Variable{"SKIP_WRITE_WHITEOUTS", "Whiteouts are never files."},
    Variable{"UNTAR_SKIP_ROOT", always},
    Variable{"VOLUME_SKIP_MKDIR", "VOLUME changes the image's configuration alone."},
    Variable{"WARMER_CACHE_LOCK", "A directory of the warmer may have several writers."},
    Variable{"SQUASH_STAGES, OCI_STAGES, RUN_MOUNT_SECRET", always},
};

bool is_known(std::string_view name)
{
    for (const auto &feature : features)
        for (std::string_view names = feature.name; !names.empty();) {
            const auto comma = names.find(", ");
            if (names.substr(0, comma) == name)
                return true;
            names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 2);
        }
    return false;
}

} // namespace

std::span<const Variable> variables()
{
    return general;
}

std::span<const Variable> feature_flags()
{
    return features;
}

std::vector<std::string> remarks_on_variables(const Environment &environment)
{
    std::vector<std::string> remarks;
    for (const auto &[name, value] : environment.variables)
        if (name.starts_with(feature_prefix) && !is_known(name.substr(feature_prefix.size())))
            remarks.push_back(fmt::format("{} is unknown, and has no effect", name));
    return remarks;
}

bool copies_as_user(const Environment &environment)
{
    const std::string name = "FF_KANIKO_COPY_AS_ROOT";
    const auto value = environment.get(name);
    return value &&
           !in_context([&] { return "reading the variable " + name; }, [&] { return parse_truth(*value); });
}

} // namespace mica::cli::kaniko
