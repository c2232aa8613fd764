#pragma once
/// @file
/// Where a RUN runs: a writable root file system on top of finished layers, and
/// the ways (backends) to have one under the privileges that there are.
#include "base/digest.hh"
#include "base/event.hh"
#include "io/content.hh"
#include "io/stream.hh"
#include "layer/change.hh"
#include "layer/file_tree.hh"
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mica::sandbox {

/// A finished layer, as a backend needs it: extracted once a machine, by diff_id.
struct LayerSource {
    Digest diff_id;
    /// The uncompressed tar, verified against diff_id by whoever made this.
    std::function<std::unique_ptr<Source>(const std::stop_token &)> open_tar;
    /// The same for who extracts the layer once for all: need not keep what it fetches. May be empty.
    std::function<std::unique_ptr<Source>(const std::stop_token &)> stream_tar{};
    /// Told the layer's index (layer/layer_index.hh) when it has been extracted. May be empty.
    std::function<void(const std::string &index)> learned{};

    [[nodiscard]] std::optional<std::string> index_wanted() const
    {
        return learned ? std::optional{diff_id.str()} : std::nullopt;
    }
};

/// What a RUN sees at `target` beside its root file system. None of it enters a
/// layer; a mount point that did not exist leaves no trace.
struct HostDirectory {
    std::filesystem::path source; ///< a directory or a file of the host, a device too
    bool read_only = true;
    bool no_suid = false, no_dev = false, no_exec = false;
    bool recursive = true; ///< with what is mounted in it
};
/// Layers of another stage or image; writes are dropped afterwards.
struct LayerView {
    std::vector<LayerSource> layers;
    std::string subpath; ///< in the form of tar::Entry::path
    bool read_only = true;
};
struct Tmpfs {
    std::uint64_t size = 0; ///< bytes; 0: the kernel's default
    bool read_only = false;
};
/// A small file that is never on a disk. It can be executed if its mode says so.
struct SecretFile {
    ContentPtr bytes;
    std::uint32_t mode = 0400, uid = 0, gid = 0;
};
/// A tar that is no layer of an image: unpacked for the workspace alone, once for each
/// name. Writes are dropped afterwards.
struct UnpackedFiles {
    Digest name; ///< the same for the same files, and for no others
    std::function<std::unique_ptr<Source>(const std::stop_token &)> open_tar;
    std::string subpath; ///< in the form of tar::Entry::path
    bool read_only = true;
};
/// A directory that outlives the build, in the state directory.
struct CacheDirectory {
    /// shared: by any number of commands at once. alone: others wait. own: who comes while
    /// others have it gets another one, which is kept as well.
    enum class Sharing : std::uint8_t { shared, alone, own };
    std::string id; ///< any text
    Sharing sharing = Sharing::shared;
    std::string subpath; ///< what is shown of it; no link on the way is followed
    bool read_only = false;
    /// Asked for when there is no such directory yet: a tar with its own entry ("") and,
    /// perhaps, its first content.
    std::function<std::unique_ptr<Source>(const std::stop_token &)> open_initial;
};
/// A listening socket of the caller's own: its owner and mode are set.
struct HostSocket {
    std::filesystem::path source;
    std::uint32_t mode = 0600, uid = 0, gid = 0;
};
struct Mount {
    std::string target; ///< absolute
    std::variant<HostDirectory, LayerView, Tmpfs, SecretFile, UnpackedFiles, CacheDirectory, HostSocket> what;
};

enum class Network : std::uint8_t { host, none };

/// One process to run. Everything is resolved: ids are numbers, the environment is
/// complete (nothing of mica's own environment is added).
struct Command {
    std::vector<std::string> argv;
    std::vector<std::string> environment;
    std::string working_directory = "/"; ///< made (0755, root) if it is missing
    std::uint32_t uid = 0, gid = 0;
    std::vector<std::uint32_t> groups;
    std::vector<Mount> mounts;
    Network network = Network::host;
    std::string hostname = "mica";
    std::vector<std::pair<std::string, std::string>> extra_hosts; ///< name, address
    /// --security=insecure: all capabilities that the backend has, no seccomp filter.
    bool insecure = false;
};

/// How the command ended. A signal is reported as Docker does: code 128 + signal.
struct ExitStatus {
    int code = 0;
    int signal = 0;
};

/// Where the output of a command goes, as it comes. Called from one thread at a time.
using OutputVisitor = std::function<void(bool is_stderr, BytesView bytes)>;

/// A writable root file system for the steps of one stage, one at a time. When it
/// is destroyed nothing of it is left (mounts, processes, directories), but the
/// extracted layers that other builds can use.
class Workspace {
public:
    virtual ~Workspace() = default;
    /// Blocks until the command and every process that it left are dead. Standard
    /// input is empty. Throws Error when the sandbox could not be made (unsupported,
    /// io), Cancelled when stopped (all processes dead).
    [[nodiscard]] virtual ExitStatus run(const Command &command, const OutputVisitor &output,
                                         const std::stop_token &stop) = 0;
    /// Ends a step: what changed since the workspace was opened or the last seal()
    /// or add_layer(), whichever was last. Contents stay readable until the next run() or
    /// add_layer(), or the workspace's end. `before` is the tree as it was.
    [[nodiscard]] virtual std::unique_ptr<layer::ChangeSource> seal(const layer::FileTree &before) = 0;
    /// Puts a finished layer (of a COPY) on top. Nothing unsealed may be pending.
    virtual void add_layer(const LayerSource &layer, const std::stop_token &stop) = 0;
};

/// One way to isolate. May be used from several threads.
class Backend {
public:
    virtual ~Backend() = default;
    [[nodiscard]] virtual std::string_view name() const = 0; // "ns", "userns"
    [[nodiscard]] virtual std::unique_ptr<Workspace> open(std::span<const LayerSource> layers, EventBus &bus,
                                                          TaskId parent, const std::stop_token &stop) = 0;
};

struct Options {
    std::string isolation = "auto"; ///< "auto" or a backend's name
    std::filesystem::path state;    ///< the state directory: extracted layers, scratch
};

/// Chooses by really doing each thing in a child; the choice and each refusal are
/// events (debug notes). Throws Error (unsupported) that lists every refusal
/// with its errno when nothing works, or when the named backend does not.
[[nodiscard]] std::unique_ptr<Backend> choose_backend(const Options &options, EventBus &bus);

/// mica re-executes itself for the processes inside a sandbox: main() calls this
/// first. Returns an exit status if this process is such a child.
[[nodiscard]] std::optional<int> child_main(int argc, char **argv);

} // namespace mica::sandbox
