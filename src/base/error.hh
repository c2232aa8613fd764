#pragma once
/// @file
/// The one exception type of the program. A failure is born low ("ENOSPC on
/// write"), gains a frame of context at each floor it passes, and is rendered
/// once, at the top, by ui/.
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica {

/// What a caller may decide on (retry, exit status). Not a taxonomy of causes:
/// a kind is added only when some code must branch on it.
enum class ErrorKind : std::uint8_t {
    usage,
    dockerfile,
    not_found,
    denied,
    network,
    integrity,
    io,
    command_failed,
    unsupported,
    internal
};

/// A range of a source file, for excerpts. Lines and columns count from 1; zero
/// means unknown.
struct SourceSpan {
    std::string file;
    std::uint32_t first_line = 0;
    std::uint32_t last_line = 0;
    std::uint32_t first_column = 0;
    std::uint32_t last_column = 0;
    bool operator==(const SourceSpan &) const = default;
};

class Error : public std::exception {
public:
    Error(ErrorKind kind, std::string message) : kind_{kind}, message_{std::move(message)} {}

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::string &message() const noexcept { return message_; }
    /// Innermost frame first.
    [[nodiscard]] const std::vector<std::string> &context() const noexcept { return context_; }
    [[nodiscard]] const std::optional<SourceSpan> &where() const noexcept { return where_; }
    [[nodiscard]] const std::optional<std::string> &hint() const noexcept { return hint_; }
    /// The status of a command that failed (ErrorKind::command_failed): what mica exits with.
    [[nodiscard]] std::optional<int> exit_status() const noexcept { return exit_status_; }
    [[nodiscard]] const char *what() const noexcept override { return message_.c_str(); }

    /// Called while the error is in flight.
    void add_context(std::string frame) { context_.push_back(std::move(frame)); }
    /// The first place told is the most precise one and stays.
    void set_where(SourceSpan span)
    {
        if (!where_)
            where_ = std::move(span);
    }
    /// What the user can do. The first hint stays.
    void set_hint(std::string hint)
    {
        if (!hint_)
            hint_ = std::move(hint);
    }
    void set_exit_status(int status) { exit_status_ = status; }

    /// For building an error in one expression: `throw Error{…}.with_hint("…")`.
    [[nodiscard]] Error with_hint(std::string hint) &&
    {
        set_hint(std::move(hint));
        return std::move(*this);
    }
    [[nodiscard]] Error at(SourceSpan span) &&
    {
        set_where(std::move(span));
        return std::move(*this);
    }

private:
    ErrorKind kind_;
    std::string message_;
    std::vector<std::string> context_;
    std::optional<SourceSpan> where_;
    std::optional<std::string> hint_;
    std::optional<int> exit_status_;
};

/// Thrown when a stop was requested. Deliberately not an Error: a handler of
/// failures must never swallow the user's Ctrl-C.
class Cancelled : public std::exception {
public:
    [[nodiscard]] const char *what() const noexcept override { return "cancelled"; }
};

/// An Error of kind io (not_found for ENOENT, denied for EACCES and EPERM) with
/// the text "<what>: <strerror>". Call directly after the failing call.
[[nodiscard]] Error system_error(std::string_view what, int error_number);

/// Runs `body`; an Error that leaves it carries `describe()` as one more frame.
/// The description is built only on failure.
template <class Describe, class Body> decltype(auto) in_context(Describe &&describe, Body &&body)
try {
    return std::forward<Body>(body)();
} catch (Error &error) {
    error.add_context(std::forward<Describe>(describe)());
    throw;
}

/// Runs `body`; an Error that leaves it carries the place in the Dockerfile.
template <class Body> decltype(auto) at_span(const SourceSpan &span, Body &&body)
try {
    return std::forward<Body>(body)();
} catch (Error &error) {
    error.set_where(span);
    throw;
}

} // namespace mica
