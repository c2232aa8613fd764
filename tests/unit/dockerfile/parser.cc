#include "dockerfile/parser.hh"

#include "dockerfile/dump.hh"
#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;
using Lines = std::pair<std::uint32_t, std::uint32_t>;

std::string tree(std::string_view text)
{
    return dump(parse(text, "Dockerfile"));
}

std::vector<Lines> lines(std::string_view text)
{
    std::vector<Lines> out;
    for (const auto &node : parse(text, "Dockerfile").instructions)
        out.emplace_back(node.where.first_line, node.where.last_line);
    return out;
}

const Row trees[] = {
    // lines
    {"FROM x", "(from \"x\")"},
    {"\n\n  FROM x\n\n", "(from \"x\")"},
    {"\xef\xbb\xbf"
     "FROM x",
     "(from \"x\")"},
    {"FROM x\r\nRUN a\r\n", "(from \"x\")\n(run \"a\")"},
    {"# c\nFROM x # no comment", "(from \"x\" \"#\" \"no\" \"comment\")"},
    {"RUN a \\\n  b", "(run \"a   b\")"},
    {"RUN a \\ \t\nb", "(run \"a b\")"},
    {"RUN a \\\r\nb\r\n", "(run \"a b\")"},
    {"RUN a \\\n# c\n  # d\n b", "(run \"a  b\")"},
    {"RUN a \\\n\n b", "(run \"a  b\")"},
    {"RUN a \\\\\nUSER b", "(run \"a \\\\\\\\\")\n(user \"b\")"},
    {"RUN a \\", "(run \"a\")"},
    {"RUN a\\\nb\\\nc", "(run \"abc\")"},
    {"\\\nRUN a", "(run \"a\")"},
    {"RUN \\\n\\\na", "(run \"a\")"},
    {"RUN a \\\n  # c \\\nb", "(run \"a b\")"},
    {"# escape=`\nRUN a \\\nUSER `\nb", "(run \"a \\\\\")\n(user \"b\")"},
    // words
    {"FROM  x\tAS\vy", "(from \"x\" \"AS\" \"y\")"},
    {"from x", "(from \"x\")"},
    {"EXPOSE 80  81/udp", "(expose \"80\" \"81/udp\")"},
    {"ARG a b=\"c d\" e='f'", "(arg \"a\" \"b=\\\"c d\\\"\" \"e='f'\")"},
    {"USER  a b ", "(user \"a b\")"},
    {"WORKDIR /a b", "(workdir \"/a b\")"},
    {"STOPSIGNAL 9", "(stopsignal \"9\")"},
    {"MAINTAINER a <b>", "(maintainer \"a <b>\")"},
    {"VOLUME /a  /b", "(volume \"/a\" \"/b\")"},
    {"COPY a b /c", "(copy \"a\" \"b\" \"/c\")"},
    {"FROM", "(from)"},
    {"RUN", "(run)"},
    {"NOPE a b", "(nope \"\")"},
    // JSON and what is nearly JSON
    {"CMD [\"a\", \"b c\"]", "(cmd \"a\" \"b c\")"},
    {"CMD []", "(cmd)"},
    {"CMD ['a']", "(cmd \"['a']\")"},
    {"CMD [\"a\"] b", "(cmd \"[\\\"a\\\"] b\")"},
    {"CMD [\"a\",]", "(cmd \"[\\\"a\\\",]\")"},
    {"RUN {\"a\": 1}", "(run \"{\\\"a\\\": 1}\")"},
    {"COPY [\"a b\", \"/c\"]", "(copy \"a b\" \"/c\")"},
    {"COPY [a b]", "(copy \"[a\" \"b]\")"},
    {"SHELL [\"a\"]", "(shell \"a\")"},
    {"RUN [\"\\u00e9\"]", "(run \"\u00e9\")"},
    // assignments
    {"ENV a=b c='d e' f=g\\ h", "(env \"a\" \"b\" \"=\" \"c\" \"'d e'\" \"=\" \"f\" \"g\\\\ h\" \"=\")"},
    {"ENV a b c", "(env \"a\" \"b c\" \"\")"},
    {"ENV a  \"b\"", "(env \"a\" \"\\\"b\\\"\" \"\")"},
    {"ENV a b=c", "(env \"a\" \"b=c\" \"\")"},
    {"ENV a=b=c", "(env \"a\" \"b=c\" \"=\")"},
    {"LABEL a=b", "(label \"a\" \"b\" \"=\")"},
    {"ENV", "(env)"},
    // health checks and triggers
    {"HEALTHCHECK CMD a b", "(healthcheck \"CMD\" \"a b\")"},
    {"HEALTHCHECK CMD [\"a\", \"b\"]", "(healthcheck \"CMD\" \"a\" \"b\")"},
    {"HEALTHCHECK NONE", "(healthcheck \"NONE\")"},
    {"HEALTHCHECK --interval=1s CMD a", "(healthcheck [\"--interval=1s\"] \"CMD\" \"a\")"},
    {"ONBUILD RUN a", "(onbuild (run \"a\"))"},
    {"ONBUILD COPY --chown=1 a b", "(onbuild (copy [\"--chown=1\"] \"a\" \"b\"))"},
    {"ONBUILD", "(onbuild)"},
    // flags
    {"COPY --from=a --link b c", "(copy [\"--from=a\" \"--link\"] \"b\" \"c\")"},
    {"RUN --mount=\"a b\" c", "(run [\"--mount=a b\"] \"c\")"},
    {"RUN --mount=a\\ b c", "(run [\"--mount=a b\"] \"c\")"},
    {"RUN -- --x", "(run \"--x\")"},
    {"RUN --a -- --b", "(run [\"--a\"] \"--b\")"},
    {"RUN -x --y", "(run \"-x --y\")"},
    {"RUN --x", "(run [\"--x\"])"},
    {"COPY --chown=\u00e9 a b", "(copy [\"--chown=\u00e9\"] \"a\" \"b\")"},
};

const Row failures[] = {
    {"", "cannot be empty"},
    {"\n \n# c\n", "no instructions"},
    {"ENV a", "ENV must have two arguments"},
    {"LABEL a", "LABEL must have two arguments"},
    {"ENV a=b c", "can't find = in \"c\""},
    {"CMD [1]", "strings only"},
    {"CMD [\"a\", [\"b\"]]", "strings only"},
    {"ONBUILD CMD [null]", "strings only"},
    {"# escape=x\nFROM y", "invalid escape token 'x'"},
    {"# escape=`\n# escape=`\nFROM y", "only one escape parser directive"},
    {"RUN <<E\na\n", "unterminated heredoc"},
    {"COPY <<A <<B /c\nA\n", "unterminated heredoc"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(parser)

BOOST_DATA_TEST_CASE(a_text_has_a_tree, data::make(trees), row)
{
    BOOST_TEST(tree(row.input) == row.output);
}

BOOST_DATA_TEST_CASE(a_broken_text_is_refused, data::make(failures), row)
{
    const auto message = failure([&] { return tree(row.input); });
    BOOST_TEST(contains(message, row.output), message);
}

BOOST_AUTO_TEST_CASE(an_instruction_has_lines)
{
    BOOST_TEST((lines("FROM x\n\nRUN a \\\n# c\n b\nUSER y") == std::vector<Lines>{{1, 1}, {3, 5}, {6, 6}}));
}

BOOST_AUTO_TEST_CASE(bodies_belong_to_the_lines_of_an_instruction)
{
    BOOST_TEST((lines("RUN <<A <<B\n1\nA\n2\nB\nUSER y") == std::vector<Lines>{{1, 5}, {6, 6}}));
}

BOOST_AUTO_TEST_CASE(the_written_form_is_kept)
{
    const auto node = node_of("  Run a \\\n  b ");
    BOOST_TEST(node.written_keyword == "Run");
    BOOST_TEST(node.keyword == "run");
    BOOST_TEST(node.original == "Run a   b ");
    BOOST_TEST(node.where.file == "Dockerfile");
}

BOOST_AUTO_TEST_CASE(errors_tell_the_lines)
{
    try {
        static_cast<void>(parse("FROM x\nENV a=b \\\n c\n", "my.Dockerfile"));
        BOOST_FAIL("accepted");
    } catch (const Error &error) {
        BOOST_TEST((error.where() == SourceSpan{.file = "my.Dockerfile", .first_line = 2, .last_line = 3}));
    }
}

BOOST_AUTO_TEST_CASE(blank_lines_in_an_instruction_are_warned_of)
{
    const auto ast = parse("FROM x\nRUN a \\\n\n\n b\nRUN c \\\n# d\n e\n", "Dockerfile");
    BOOST_REQUIRE_EQUAL(ast.warnings.size(), 1U);
    BOOST_TEST(ast.warnings.front().rule == "NoEmptyContinuation");
    BOOST_TEST(ast.warnings.front().text == "Empty continuation line found in: RUN a  b");
    BOOST_TEST(ast.warnings.front().where.first_line == 5U);
}

BOOST_AUTO_TEST_CASE(comments_above_are_kept)
{
    const auto ast =
        parse("# old\n#\n# first\n\n# second \nFROM x\n# inner\n\nRUN a \\\n# not this\n b\nRUN c", "D");
    BOOST_TEST(ast.instructions[0].comments == (std::vector<std::string>{"first", "second"}),
               boost::test_tools::per_element());
    BOOST_TEST(ast.instructions[1].comments == std::vector<std::string>{"inner"},
               boost::test_tools::per_element());
    BOOST_TEST(ast.instructions[2].comments.empty());
}

BOOST_AUTO_TEST_CASE(directives_are_no_comments)
{
    const auto ast = parse("# syntax=a\n# check=skip=all\n# text\nFROM x", "D");
    BOOST_TEST(ast.instructions[0].comments == std::vector<std::string>{"text"},
               boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(ast.directives.size(), 2U);
    BOOST_TEST(ast.directives[1].name == "check");
    BOOST_TEST(ast.directives[1].value == "skip=all");
    BOOST_TEST(ast.directives[1].where.first_line == 2U);
}

BOOST_AUTO_TEST_CASE(a_body_is_kept_byte_by_byte)
{
    const auto node = node_of("COPY <<E /x\n# no comment\n\\\n\ta\r\nE");
    BOOST_REQUIRE_EQUAL(node.heredocs.size(), 1U);
    BOOST_TEST(node.heredocs[0].content == "# no comment\n\\\n\ta\r\n");
    BOOST_TEST(node.heredocs[0].raw == node.heredocs[0].content);
}

BOOST_AUTO_TEST_CASE(a_dash_strips_tabs_of_body_and_end)
{
    const auto node = node_of("RUN <<-E\n\t\ta\n \tb\n\tE\n");
    BOOST_REQUIRE_EQUAL(node.heredocs.size(), 1U);
    BOOST_TEST(node.heredocs[0].content == "a\n \tb\n");
    BOOST_TEST(node.heredocs[0].raw == "\t\ta\n \tb\n");
}

BOOST_AUTO_TEST_CASE(an_end_line_is_exact)
{
    const auto node = node_of("RUN <<E\n E\nE \n\tE\nE\r\n");
    BOOST_TEST(node.heredocs.at(0).content == " E\nE \n\tE\n");
}

BOOST_AUTO_TEST_CASE(bodies_come_in_order)
{
    const auto node = node_of("RUN 3<<A cat <<'B'\na\nA\nb\nB\n");
    BOOST_REQUIRE_EQUAL(node.heredocs.size(), 2U);
    BOOST_TEST(node.heredocs[0].fd == 3U);
    BOOST_TEST(node.heredocs[0].content == "a\n");
    BOOST_TEST(node.heredocs[1].content == "b\n");
    BOOST_TEST(!node.heredocs[1].expand);
}

BOOST_AUTO_TEST_CASE(a_trigger_has_heredocs)
{
    const auto node = node_of("ONBUILD RUN <<E\na\nE\n");
    BOOST_TEST(node.heredocs.at(0).content == "a\n");
    BOOST_TEST(node.nested->where.last_line == 3U);
}

BOOST_AUTO_TEST_CASE(other_instructions_have_none)
{
    BOOST_TEST(tree("CMD cat <<E\nUSER a") == "(cmd \"cat <<E\")\n(user \"a\")");
    BOOST_TEST(tree("ONBUILD CMD <<E\nUSER a") == "(onbuild (cmd \"<<E\"))\n(user \"a\")");
}

BOOST_AUTO_TEST_CASE(arrays_have_none)
{
    BOOST_TEST(tree("RUN [\"<<E\"]\nUSER a") == "(run \"<<E\")\n(user \"a\")");
}

BOOST_AUTO_TEST_CASE(a_line_with_open_quotes_has_none)
{
    BOOST_TEST(tree("RUN don't <<E\nUSER a") == "(run \"don't <<E\")\n(user \"a\")");
}

BOOST_AUTO_TEST_CASE(a_line_may_be_longer_than_64_KiB)
{
    const std::string text(200000, 'a');
    BOOST_TEST(node_of("RUN " + text).arguments.at(0) == text);
}

BOOST_AUTO_TEST_CASE(triggers_of_triggers_do_not_exhaust_the_stack)
{
    std::string text;
    for (int i = 0; i < 10000; ++i)
        text += "ONBUILD ";
    BOOST_TEST(contains(failure([&] { return parse(text + "RUN a", "D"); }), "Chaining ONBUILD"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
