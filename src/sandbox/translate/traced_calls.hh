#pragma once
/// @file
/// The calls that only the process itself can make: the tracer gives them other arguments.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/system_call.hh"
#include "sandbox/translate/file_world.hh"
#include "sandbox/translate/launch.hh"
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace mica::sandbox {

/// What becomes of a call: one argument points to other bytes, another one may be another number.
struct Rewriting {
    unsigned argument = 0;
    std::string bytes;
    std::optional<std::pair<unsigned, std::uint64_t>> number;
    std::optional<Launch> launch; ///< of execve(2)
};

/// execve(2), chdir(2), inotify_add_watch(2); open(2) with O_PATH, since the kernel hands nobody such a
/// descriptor (seccomp_unotify(2)); bind(2), connect(2) and sendto(2) with the path of a Unix socket. Used by
/// one thread.
class TracedCalls {
public:
    /// `aliases`: a directory for short names of long paths: addresses of sockets have 107 bytes.
    TracedCalls(const FileWorld &world, std::filesystem::path aliases);

    /// Before what notifies of the same calls.
    void add_to(Dispatch &dispatch) const;
    /// No value: the call stays as it is. Throws CallFailed with what the call returns.
    [[nodiscard]] std::optional<Rewriting> rewrite(const SystemCall &call);

private:
    using Answer = std::optional<Rewriting>;
    using Body = std::function<Answer(const SystemCall &)>;
    void add(const char *name, const Body &body, std::optional<When> when = std::nullopt);
    void add_opening();
    [[nodiscard]] Answer path(const SystemCall &call, unsigned argument, const FileName &name) const;
    [[nodiscard]] Answer directory(const SystemCall &call) const;
    [[nodiscard]] Answer launch(const SystemCall &call, unsigned argument, const FileName &name) const;
    [[nodiscard]] Answer address(const SystemCall &call, unsigned argument, bool makes);
    [[nodiscard]] std::string short_path(const std::string &directory, const std::string &name);

    struct Traced {
        std::string name;
        std::optional<When> when;
    };
    FileWorld world_;
    std::filesystem::path aliases_;
    std::map<std::string, std::string> alias_of_; ///< by directory
    std::vector<Traced> calls_;
    std::map<std::pair<Abi, int>, Body> bodies_;
};

} // namespace mica::sandbox
