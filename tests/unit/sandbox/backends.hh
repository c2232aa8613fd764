#pragma once
/// @file
/// The backends that this machine can run, for tests that need one.
#include "sandbox/sandbox.hh"
#include "support/sandbox_fixture.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

namespace mica::test {

/// A precondition: skips a test where `name` cannot be had, and says why.
class NeedsBackend {
public:
    explicit NeedsBackend(std::string name) : name_{std::move(name)} {}
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const;

private:
    std::string name_;
};

/// A backend with a state directory of its own.
struct BackendFixture {
    explicit BackendFixture(const std::string &name = "ns");

    TemporaryDirectory state;
    NullBus bus;
    std::unique_ptr<sandbox::Backend> backend;
};

} // namespace mica::test
