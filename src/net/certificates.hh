#pragma once
/// @file
/// The certificates of the authorities that this machine trusts.
#include "io/fd.hh"
#include <string>

namespace mica::net {

/// The PEM text of `file`; of $SSL_CERT_FILE where it is empty; else of the first bundle
/// that is there among the places where distributions keep it; and of every file in the
/// directories of $SSL_CERT_DIR ("DIR:DIR"). Empty when there is none:
/// https then fails, plain HTTP still works. Throws Error for a file that is named and cannot be read.
[[nodiscard]] std::string trusted_certificates(const std::string &file);

/// A text as a file that has no name on any disk: it stays readable at path() when the
/// root file system is replaced by that of an image.
class MemoryFile {
public:
    /// An empty path() where the kernel or /proc does not allow it.
    explicit MemoryFile(const std::string &text);
    [[nodiscard]] const std::string &path() const noexcept { return path_; }

private:
    Fd file_;
    std::string path_;
};

} // namespace mica::net
