#include "plan/outline.hh"
#include "plan/targets.hh"
#include "unit/plan/fixture.hh"

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

Outline outline_of(const std::string &text, const PlanOptions &options = amd64())
{
    Images images;
    const auto ast = mica::dockerfile::parse(text, "Dockerfile");
    return make_outline(mica::dockerfile::parse_program(ast), ast, options, images);
}

Strings names(const Outline &outline)
{
    Strings out;
    for (const auto &argument : outline.arguments)
        out.push_back(argument.name + "=" + argument.value);
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_outline_has_the_arguments_that_the_target_uses)
{
    const auto outline =
        outline_of("ARG A=1\nARG B=$A\nARG C=3\nARG D=4\nFROM x AS unused\nARG D\nFROM img:$B AS t\n"
                   "ARG C\n# E is own\nARG E=5\n");
    const Strings expected{"A=1", "B=1", "C=3", "E=5"};
    BOOST_TEST(names(outline) == expected, boost::test_tools::per_element());
    BOOST_TEST(outline.arguments.back().description == "is own");
    BOOST_TEST(outline.name == "t");
}

BOOST_AUTO_TEST_CASE(an_outline_looks_into_the_stages_that_the_target_needs)
{
    const auto outline =
        outline_of("FROM x AS a\nARG A=a\nFROM x AS b\nARG A=b\nARG B=b\nFROM a\nCOPY --from=b / /\n");
    const Strings expected{"A=a", "B=b"};
    BOOST_TEST(names(outline) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_outline_has_secrets_and_sockets)
{
    const auto outline =
        outline_of("FROM x\nRUN --mount=type=secret,id=s,required --mount=type=ssh --network=host y\n");
    BOOST_TEST(outline.secrets.at(0).id == "s");
    BOOST_TEST(outline.secrets.at(0).required);
    BOOST_TEST(outline.ssh.at(0).id == "default");
    BOOST_TEST(!outline.ssh.at(0).required);
}

BOOST_AUTO_TEST_CASE(targets_are_all_stages_as_written)
{
    const auto ast =
        mica::dockerfile::parse("ARG V=1\n# One the first\nFROM --platform=$P x:$V AS one\nFROM one\n", "f");
    const auto targets = list_targets(mica::dockerfile::parse_program(ast));
    BOOST_REQUIRE_EQUAL(targets.size(), 2U);
    BOOST_TEST(targets[0].name == "one");
    BOOST_TEST(targets[0].base == "x:$V");
    BOOST_TEST(targets[0].platform == "$P");
    BOOST_TEST(!targets[0].is_default);
    BOOST_TEST(targets[1].is_default);
    BOOST_TEST(targets[1].where.first_line == 4U);
}
