#pragma once
/// @file
/// What /proc/PID/status says of a thread, and acting under its ids.
#include <cstdint>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mica::os {

struct Ids {
    std::uint32_t real = 0, effective = 0, saved = 0, file_system = 0;
    bool operator==(const Ids &) const = default;
};

struct ThreadFacts {
    pid_t process = 0; ///< whose thread it is
    pid_t parent = 0;  ///< that process' parent
    Ids uids, gids;
    std::vector<std::uint32_t> groups;
};

/// The text of a status file; what is missing in it stays zero.
[[nodiscard]] ThreadFacts parse_status(std::string_view text);
/// Throws Error (not_found) when there is no such thread.
[[nodiscard]] ThreadFacts facts_of(pid_t thread);

/// While this lives, the calling thread (it alone) opens files as the ids say, and the kernel lets
/// it look into processes with these real ids. A thread that is no root stays what it is.
class BorrowedIds {
public:
    explicit BorrowedIds(const ThreadFacts &whose);
    ~BorrowedIds();
    BorrowedIds(const BorrowedIds &) = delete;
    BorrowedIds &operator=(const BorrowedIds &) = delete;
    /// The ids are borrowed, or were the same before.
    [[nodiscard]] bool worked() const { return worked_; }

private:
    bool changed_ = false, worked_ = true;
};

} // namespace mica::os
