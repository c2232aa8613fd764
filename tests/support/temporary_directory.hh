#pragma once
/// @file
/// A directory of a test's own, gone when the test is over.
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace mica::test {

class TemporaryDirectory {
public:
    TemporaryDirectory()
    {
        auto name = (std::filesystem::temp_directory_path() / "mica-test.XXXXXX").native();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error{"mkdtemp " + name};
        path_ = name;
    }
    TemporaryDirectory(const TemporaryDirectory &) = delete;
    TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;
    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path &name) const
    {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

} // namespace mica::test
