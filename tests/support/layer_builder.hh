#pragma once
/// @file
/// Layers for tests, entry by entry.
#include "io/hash.hh"
#include "io/stream.hh"
#include "sandbox/sandbox.hh"
#include "tar/entry.hh"
#include "tar/writer.hh"
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mica::test {

class LayerBuilder {
public:
    LayerBuilder &directory(std::string path, std::uint32_t mode = 0755, std::uint32_t uid = 0,
                            std::uint32_t gid = 0)
    {
        return add(entry(tar::FileType::directory, std::move(path), mode, uid, gid));
    }
    LayerBuilder &file(std::string path, std::string bytes, std::uint32_t mode = 0644, std::uint32_t uid = 0,
                       std::uint32_t gid = 0)
    {
        return add(entry(tar::FileType::regular, std::move(path), mode, uid, gid), std::move(bytes));
    }
    LayerBuilder &symlink(std::string path, std::string text)
    {
        auto link = entry(tar::FileType::symlink, std::move(path), 0777, 0, 0);
        link.link_target = std::move(text);
        return add(std::move(link));
    }
    LayerBuilder &hardlink(std::string path, std::string target)
    {
        auto link = entry(tar::FileType::hardlink, std::move(path), 0644, 0, 0);
        link.link_target = std::move(target);
        return add(std::move(link));
    }
    static tar::Entry entry(tar::FileType type, std::string path, std::uint32_t mode, std::uint32_t uid,
                            std::uint32_t gid)
    {
        tar::Entry result;
        result.type = type;
        result.path = std::move(path);
        result.mode = mode;
        result.uid = uid;
        result.gid = gid;
        return result;
    }
    /// Owner of the entries that follow and have none (0:0).
    LayerBuilder &owner(std::uint32_t uid, std::uint32_t gid)
    {
        uid_ = uid;
        gid_ = gid;
        return *this;
    }
    /// The time of entries that follow.
    LayerBuilder &at(std::int64_t seconds)
    {
        time_ = from_unix(seconds);
        return *this;
    }
    LayerBuilder &add(tar::Entry added, std::string bytes = {})
    {
        added.mtime = time_;
        if (added.uid == 0 && added.gid == 0) {
            added.uid = uid_;
            added.gid = gid_;
        }
        added.size = bytes.size();
        entries_.emplace_back(std::move(added), std::move(bytes));
        return *this;
    }

    [[nodiscard]] std::string tar() const
    {
        StringSink sink;
        tar::Writer writer{sink};
        for (const auto &[entry, bytes] : entries_) {
            StringSource source{bytes};
            writer.add(entry, entry.size > 0 ? &source : nullptr);
        }
        writer.finish();
        return sink.str();
    }
    [[nodiscard]] sandbox::LayerSource layer() const { return source_of(tar()); }

    static sandbox::LayerSource source_of(std::string tar)
    {
        const auto diff_id = sha256(tar);
        return {diff_id, [tar = std::move(tar)](const std::stop_token &) {
                    return std::make_unique<StringSource>(tar);
                }};
    }

private:
    Time time_ = from_unix(1'600'000'000);
    std::uint32_t uid_ = 0, gid_ = 0;
    std::vector<std::pair<tar::Entry, std::string>> entries_;
};

/// A root file system that can run shell scripts: busybox and a user or two. Empty if
/// this machine has no static busybox.
[[nodiscard]] bool have_busybox();
[[nodiscard]] LayerBuilder busybox_root();

} // namespace mica::test
