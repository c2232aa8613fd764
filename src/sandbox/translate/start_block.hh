#pragma once
/// @file
/// What the kernel leaves on the stack of a new program: words, environment, auxiliary vector.
#include "sandbox/supervisor/abi.hh"
#include "sandbox/supervisor/system_call.hh"
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mica::sandbox {

/// A copy of it, until write(). All throw CallFailed.
class StartBlock {
public:
    /// `memory`: of the thread whose stack pointer this is.
    StartBlock(const SystemCall &memory, Abi abi, std::uint64_t stack);

    /// Entries of the auxiliary vector (getauxval(3), AT_…); 0 if there is none.
    [[nodiscard]] std::uint64_t auxiliary(std::uint64_t type) const;
    /// Changes one that is there.
    void set_auxiliary(std::uint64_t type, std::uint64_t value);
    /// AT_EXECFN becomes `name`, and the first word `words` (unless there are none). The path that the kernel
    /// left there is written over: it must be at least as long as all of them.
    void set_names(const SystemCall &memory, const std::string &name, const std::vector<std::string> &words);
    /// Returns the new stack pointer.
    [[nodiscard]] std::uint64_t write(const SystemCall &memory) const;

private:
    [[nodiscard]] std::uint64_t *find(std::uint64_t type);

    Abi abi_;
    std::uint64_t stack_, size_ = 0;
    std::vector<std::uint64_t> words_; ///< without the count
    std::vector<std::uint64_t> environment_;
    std::vector<std::uint64_t> auxiliary_; ///< pairs, with the last one (AT_NULL)
};

} // namespace mica::sandbox
