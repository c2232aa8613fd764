#pragma once
/// @file
/// The backends under test. One that this machine refuses is skipped with its reason.
#include "sandbox/sandbox.hh"
#include "support/errors.hh"
#include "support/layer_builder.hh"
#include "support/sandbox_fixture.hh"
#include "support/temporary_directory.hh"
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mica::test {

/// For BOOST_DATA_TEST_CASE(name, backends, backend).
/// "plain" is ns or (for who is not root) userns with one directory instead of an overlay.
/// (A fourth name, "single", is userns with one id and a fake root: see fake_root.cc.)
inline const auto backends = boost::unit_test::data::make({"ns", "userns", "plain"});

/// A backend of the kind asked for; null (and a message) where it cannot be had.
[[nodiscard]] std::unique_ptr<sandbox::Backend> backend_or_skip(const std::string &name,
                                                                const std::filesystem::path &state);

/// A backend with a state directory of its own. False if it must be skipped.
struct Machine {
    explicit Machine(const std::string &name) : backend{backend_or_skip(name, state.path())} {}
    explicit operator bool() const { return backend != nullptr; }

    TemporaryDirectory state;
    std::unique_ptr<sandbox::Backend> backend;
};

/// Steps on a busybox root; the state directory is shared by all tests of a backend.
class Shell {
public:
    explicit Shell(const std::string &name);
    explicit operator bool() const { return steps_.has_value(); }
    [[nodiscard]] Steps &steps() { return *steps_; }

    /// Runs a script that must succeed; its output.
    std::string out(const std::string &script);
    std::vector<std::string> seal() { return steps_->seal(); }

private:
    std::optional<Steps> steps_;
};

using Lines = std::vector<std::string>;

inline bool has(const Lines &lines, const std::string &line)
{
    return std::ranges::find(lines, line) != lines.end();
}

} // namespace mica::test
