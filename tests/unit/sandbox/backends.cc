#include "backends.hh"

#include "support/layer_builder.hh"
#include <map>

namespace mica::test {
namespace {

/// Empty when the backend works.
std::string refusal(const std::string &name)
{
    if (!have_busybox())
        return "there is no /usr/bin/busybox (package busybox-static)";
    try {
        const BackendFixture fixture{name};
        return {};
    } catch (const Error &error) {
        return error.message();
    }
}

} // namespace

boost::test_tools::assertion_result NeedsBackend::operator()(boost::unit_test::test_unit_id) const
{
    static std::map<std::string, std::string> known;
    const auto [found, is_new] = known.try_emplace(name_);
    if (is_new)
        found->second = refusal(name_);
    boost::test_tools::assertion_result result{found->second.empty()};
    if (!result)
        result.message() << found->second;
    return result;
}

BackendFixture::BackendFixture(const std::string &name)
    : backend{sandbox::choose_backend({name, state.path()}, bus)}
{
}

} // namespace mica::test
