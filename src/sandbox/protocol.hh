#pragma once
/// @file
/// What mica and the agent of a workspace say to each other. Requests are answered one by
/// one, in order; `kill` and the end of the channel alone are heard while a command runs.
#include "base/error.hh"
#include "sandbox/channel.hh"
#include "sandbox/wire.hh"
#include "tar/entry.hh"
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mica::sandbox {

enum class Ask : std::uint32_t {
    setup = 1,   ///< SetupRequest, with the reader's end of its own channel; answer: done
    mapped,      ///< the ids of the new user namespace are written; answer: SetupAnswer
    extract,     ///< ExtractRequest, with the tar's pipe; answer: ExtractAnswer
    keep,        ///< the extracted layer is good: name it; answer: done
    discard,     ///< it is not; answer: done
    add_layers,  ///< AddLayersRequest; answer: done
    run,         ///< RunRequest, with standard output and error; answer: RunAnswer
    kill,        ///< end the running command now; no answer of its own
    seal,        ///< answer: SealAnswer
    sweep,       ///< SweepRequest; answer: done
    open_content ///< (to the reader) OpenRequest; answer: done, with the file
};

enum class Answer : std::uint32_t { done = 1, failed };

/// Where a root file system comes from: an overlay of extracted layers, or (where the state
/// directory's file system cannot bear one) one directory to which the layers are applied.
enum class Storage : std::uint8_t { overlay, plain };

/// What keeps a command in its root file system.
enum class Confinement : std::uint8_t {
    namespaces,
    chroot,      ///< and Landlock, and a supervisor for what is not mounted
    translation, ///< a supervisor that does what files are named in, and Landlock
    in_place     ///< nothing: its root is the helper's own
};

struct SetupRequest {
    Confinement confinement{};
    bool user_namespace = false;
    /// Owners and the like are recorded, and commands supervised. Goes with Storage::plain.
    bool fake_root = false;
    Storage storage{};
    std::string layers;  ///< directory of the extracted layers of this flavour (overlay)
    std::string caches;  ///< directory of its cache directories
    std::string scratch; ///< this workspace's own directory; empty, and removed at the end
};

struct SetupAnswer {
    bool private_proc = false; ///< a new process namespace with its own /proc can be had
};

/// Whose directory a tar is extracted into: for all that run on this machine, for this
/// workspace alone, or as a cache directory. `merged` (with plain storage) is the workspace's
/// as well, and takes several tars one upon another.
enum class Place : std::uint8_t { layers, files, caches, merged };

/// The name in Place::merged of the workspace's root file system.
inline constexpr const char *merged_root = "root";

struct ExtractRequest {
    Place place{};
    std::string name; ///< of a layer: its diff_id in hex
    /// The diff_id, if the layer's index is wanted (layer/layer_index.hh).
    std::optional<std::string> index_of{};
};

struct AddLayersRequest {
    std::vector<std::string> names; ///< lowest first; extracted and locked by the caller
};

struct MountRequest {
    enum class Kind : std::uint8_t { host, view, tmpfs, secret, files, cache, socket } kind{};
    std::string target;
    bool read_only = false;
    std::string source; ///< host, socket: a path; view, files, cache: the path inside; secret: the bytes
    std::vector<std::string> layers; ///< view; files, cache: the one name
    std::uint64_t size = 0;          ///< tmpfs
    std::uint32_t mode = 0, uid = 0, gid = 0;
    bool no_suid = false, no_dev = false, no_exec = false, recursive = true; ///< host
};

struct RunRequest {
    std::vector<std::string> argv;
    std::vector<std::string> environment;
    std::string working_directory;
    std::uint32_t uid = 0, gid = 0;
    std::vector<std::uint32_t> groups;
    std::vector<MountRequest> mounts;
    bool no_network = false;
    bool insecure = false;
    bool probe = false; ///< set up everything, then execute nothing
    std::string hostname;
    std::string hosts;       ///< bytes of /etc/hosts
    std::string resolv_conf; ///< bytes of /etc/resolv.conf
};

struct RunAnswer {
    bool by_signal = false;
    std::int32_t value = 0;
};

/// One name that a step wrote, or took away.
struct UpperEntry {
    enum class Kind : std::uint8_t { entry, whiteout } kind{};
    std::string path;
    tar::FileType type{};
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::uint64_t size = 0;
    std::int64_t mtime = 0; ///< nanoseconds
    std::string link_target;
    std::map<std::string, std::string> xattrs;
    std::uint32_t device_major = 0, device_minor = 0;
    bool opaque = false;
    /// Directories: the time that the directory had on disk before the step, if known.
    std::optional<std::int64_t> earlier_mtime;
};

struct SealAnswer {
    std::string directory;           ///< where the files lie, for OpenRequest
    std::vector<UpperEntry> entries; ///< in path order
};

/// Scratch directories of others, who were killed: siblings of our own.
struct SweepRequest {
    std::vector<std::string> names;
};

struct OpenRequest {
    std::string directory;
    std::string path;
};

template <class A> void describe(A &a, SetupRequest &r)
{
    a(r.confinement, r.user_namespace, r.fake_root, r.storage, r.layers, r.caches, r.scratch);
}
template <class A> void describe(A &a, SetupAnswer &r)
{
    a(r.private_proc);
}
template <class A> void describe(A &a, ExtractRequest &r)
{
    a(r.place, r.name, r.index_of);
}
template <class A> void describe(A &a, AddLayersRequest &r)
{
    a(r.names);
}
template <class A> void describe(A &a, MountRequest &r)
{
    a(r.kind, r.target, r.read_only, r.source, r.layers, r.size, r.mode, r.uid, r.gid, r.no_suid, r.no_dev,
      r.no_exec, r.recursive);
}
template <class A> void describe(A &a, RunRequest &r)
{
    a(r.argv, r.environment, r.working_directory, r.uid, r.gid, r.groups, r.mounts, r.no_network, r.insecure,
      r.probe, r.hostname, r.hosts, r.resolv_conf);
}
template <class A> void describe(A &a, RunAnswer &r)
{
    a(r.by_signal, r.value);
}
template <class A> void describe(A &a, UpperEntry &e)
{
    a(e.kind, e.path, e.type, e.mode, e.uid, e.gid, e.size, e.mtime, e.link_target, e.xattrs, e.device_major,
      e.device_minor, e.opaque, e.earlier_mtime);
}
template <class A> void describe(A &a, SealAnswer &r)
{
    a(r.directory, r.entries);
}
template <class A> void describe(A &a, SweepRequest &r)
{
    a(r.names);
}
template <class A> void describe(A &a, OpenRequest &r)
{
    a(r.directory, r.path);
}

/// An Error as bytes, so that it goes on at the other side as it was.
[[nodiscard]] std::string encode_error(const Error &error);
[[nodiscard]] Error decode_error(std::string_view bytes);

/// The answer's body (and descriptors); throws what the other side threw, and Error
/// (internal) when it is gone.
[[nodiscard]] Message expect_answer(Channel &channel);

} // namespace mica::sandbox
