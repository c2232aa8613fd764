#include "exec/image_assembly.hh"

#include "io/hash.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

const auto now = from_unix(900);

oci::History entry(bool has_layer)
{
    oci::History entry;
    entry.empty_layer = !has_layer;
    return entry;
}

RootFs root_of(const std::vector<std::int64_t> &times)
{
    RootFs root;
    for (const auto time : times) {
        const auto digest = sha256(std::to_string(time));
        root.append({{digest, {oci::MediaType::oci_layer, digest, 1}}, nullptr}, from_unix(time),
                    std::vector<layer::Change>{}, {});
    }
    return root;
}

std::vector<std::int64_t> times_of(const oci::Image &image)
{
    std::vector<std::int64_t> times;
    for (const auto &one : image.config.history)
        times.push_back(
            std::chrono::duration_cast<std::chrono::seconds>(one.created->time_since_epoch()).count());
    return times;
}

} // namespace

BOOST_AUTO_TEST_SUITE(assembly_of_an_image)

BOOST_AUTO_TEST_CASE(an_entry_is_as_old_as_its_layer_and_others_as_the_one_before)
{
    oci::ImageConfig config;
    config.history = {entry(false), entry(true), entry(false), entry(true)};
    const auto image = assemble(config, root_of({100, 200}), now, 0);
    BOOST_TEST((times_of(image) == std::vector<std::int64_t>{100, 100, 100, 200}));
    BOOST_TEST((image.config.created == from_unix(200)));
}

BOOST_AUTO_TEST_CASE(an_image_without_new_layers_is_made_now)
{
    oci::ImageConfig config;
    config.history = {entry(false)};
    const auto image = assemble(config, RootFs{}, now, 0);
    BOOST_TEST((image.config.created == now));
    BOOST_TEST((times_of(image) == std::vector<std::int64_t>{900}));
}

BOOST_AUTO_TEST_SUITE_END()
