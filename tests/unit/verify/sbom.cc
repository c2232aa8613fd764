#include "verify/sbom/sbom.hh"

#include "../output/images.hh"
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace mica;
using namespace mica::verify;

namespace {

const std::string status = "Package: a\nVersion: 1\nArchitecture: amd64\nStatus: install ok installed\n\n";

std::string found(const Inventory &inventory)
{
    std::string out;
    for (const auto &package : inventory.packages)
        out += package.name + " ";
    return out;
}

Inventory sample()
{
    Inventory inventory{{"debian", "12", "Debian 12"}, {}, {}};
    inventory.packages = {{PackageKind::deb, "a", "1", "amd64", "", "", "/var/lib/dpkg/status"},
                          {PackageKind::npm, "@x/y", "2", "", "", "MIT", "/n/package.json"},
                          {PackageKind::npm, "@x/y", "2", "", "", "MIT", "/o/package.json"}};
    return inventory;
}

const SbomSubject subject{"example.test/a:1", "sha256:" + std::string(64, 'a'), from_unix(1'700'000'000),
                          "0.1.0"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sbom, test::ImageMaker)

BOOST_AUTO_TEST_CASE(records_of_all_layers_are_found)
{
    const auto image =
        make({{test::file("etc/os-release", "ID=debian\nVERSION_ID=12\n"),
               test::file("var/lib/dpkg/status", status)},
              {test::file("srv/node_modules/x/lib/package.json", R"({"name":"no","version":"1"})"),
               test::file("srv/node_modules/x/package.json", R"({"name":"x","version":"1"})")}});
    const auto inventory = take_inventory(image, {});
    BOOST_TEST(found(inventory) == "a x ");
    BOOST_TEST(inventory.distribution.id == "debian");
}

BOOST_AUTO_TEST_CASE(what_an_upper_layer_removes_is_gone)
{
    const std::string metadata = "Name: p\nVersion: 1\n";
    BOOST_TEST(found(take_inventory(
                   make({{test::file("p.dist-info/METADATA", metadata)}, {test::removed("p.dist-info")}}),
                   {})) == "");
    BOOST_TEST(found(take_inventory(make({{test::file("var/lib/dpkg/status", status)},
                                          {test::file("var/lib/dpkg/status", "Package: b\nVersion: 2\n")}}),
                                    {})) == "b ");
}

BOOST_AUTO_TEST_CASE(databases_that_cannot_be_read_are_told)
{
    const auto inventory = take_inventory(make({{test::file("var/lib/rpm/rpmdb.sqlite", "SQLite")}}), {});
    BOOST_TEST(inventory.unread == std::vector<std::string>{"/var/lib/rpm/rpmdb.sqlite"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(documents_depend_on_their_arguments_alone)
{
    BOOST_TEST(spdx_document(sample(), subject) == spdx_document(sample(), subject));
    BOOST_TEST(cyclonedx_document(sample(), subject) == cyclonedx_document(sample(), subject));
}

BOOST_AUTO_TEST_CASE(spdx_has_what_the_format_demands)
{
    const auto json = nlohmann::json::parse(spdx_document(sample(), subject));
    BOOST_TEST(json.at("spdxVersion") == "SPDX-2.3");
    BOOST_TEST(json.at("creationInfo").at("created") == "2023-11-14T22:13:20Z");
    std::set<std::string> ids;
    for (const auto &package : json.at("packages"))
        BOOST_TEST(ids.insert(package.at("SPDXID").get<std::string>()).second);
    for (const auto &relation : json.at("relationships"))
        BOOST_TEST(ids.contains(relation.at("relatedSpdxElement").get<std::string>()));
}

BOOST_AUTO_TEST_CASE(cyclonedx_has_references_that_are_unique)
{
    const auto json = nlohmann::json::parse(cyclonedx_document(sample(), subject));
    BOOST_TEST(json.at("specVersion") == "1.5");
    std::set<std::string> references;
    for (const auto &component : json.at("components"))
        BOOST_TEST(references.insert(component.at("bom-ref").get<std::string>()).second);
}

BOOST_AUTO_TEST_SUITE_END()
