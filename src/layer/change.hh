#pragma once
/// @file
/// What a step did to its file system, as values: the algebra's one currency.
#include "io/content.hh"
#include "tar/entry.hh"
#include <cstdint>
#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

namespace mica::layer {

/// upsert: the entry is there now (whatever was at its path is replaced; a
/// directory over a directory keeps its children). remove: the path and all below
/// it are gone. opaque: all that lower layers had below the directory is gone.
/// For remove and opaque only entry.path counts.
struct Change {
    enum class Kind : std::uint8_t { upsert, remove, opaque } kind{};
    tar::Entry entry;
    ContentPtr content; ///< regular files with size > 0; else null
};

using ChangeVisitor = std::function<void(const Change &)>;

/// A list of changes that can be read once, in path order (bytewise on the
/// components, a directory before what is in it). Within one directory an opaque
/// mark comes first; a hard link follows its target.
class ChangeSource {
public:
    virtual ~ChangeSource() = default;
    virtual void visit(const ChangeVisitor &visitor, const std::stop_token &stop) = 0;
};

/// Changes held in memory.
class ChangeList final : public ChangeSource {
public:
    explicit ChangeList(std::vector<Change> changes) : changes_{std::move(changes)} {}
    void visit(const ChangeVisitor &visitor, const std::stop_token &stop) override;

private:
    std::vector<Change> changes_;
};

/// The order that every ChangeSource follows: "a" < "a/b" < "a.b".
[[nodiscard]] bool path_less(std::string_view a, std::string_view b);

} // namespace mica::layer
