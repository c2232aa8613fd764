#pragma once
/// @file
/// Who a supervised process believes to be.
#include <algorithm>
#include <cstdint>
#include <vector>

namespace mica::sandbox {

/// One kind of id: as credentials(7).
struct Ids {
    std::uint32_t real = 0, effective = 0, saved = 0, filesystem = 0;

    [[nodiscard]] static Ids all(std::uint32_t id) { return {id, id, id, id}; }
    [[nodiscard]] bool has(std::uint32_t id) const { return id == real || id == effective || id == saved; }
    bool operator==(const Ids &) const = default;
};

struct Credentials {
    Ids user, group;
    std::vector<std::uint32_t> groups;

    [[nodiscard]] bool is_root() const { return user.effective == 0; }
    /// Like CAP_FOWNER, CAP_CHOWN and CAP_DAC_OVERRIDE of root, which follow this id.
    [[nodiscard]] bool rules_files() const { return user.filesystem == 0; }
    [[nodiscard]] bool in_group(std::uint32_t gid) const
    {
        return gid == group.filesystem || std::ranges::find(groups, gid) != groups.end();
    }
    bool operator==(const Credentials &) const = default;
};

} // namespace mica::sandbox
