#pragma once
/// @file
/// A checked out repository as a tree of files.
#include "base/clock.hh"
#include "context/context.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace mica::context {

/// A new directory, removed with all that is in it.
class CheckoutDirectory {
public:
    /// Throws Error (io).
    explicit CheckoutDirectory(const std::filesystem::path &parent);
    CheckoutDirectory(const CheckoutDirectory &) = delete;
    CheckoutDirectory &operator=(const CheckoutDirectory &) = delete;
    ~CheckoutDirectory();
    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// Removes what is called ".git", at any depth (submodules have a file of that name); follows no link.
void remove_git_directories(const std::filesystem::path &directory);

/// `subdir` of a checkout, with the modes that git knows and, if given, one time for all. Throws Error
/// (not_found) if it is no directory, or would be reached through a link.
[[nodiscard]] std::shared_ptr<const Context> open_checkout(std::unique_ptr<const CheckoutDirectory> directory,
                                                           const std::string &subdir,
                                                           std::optional<Time> mtime);

} // namespace mica::context
