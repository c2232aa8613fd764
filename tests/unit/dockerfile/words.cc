#include "dockerfile/words.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;
using Words = std::vector<std::string>;

const EnvList &env()
{
    static const auto list = EnvList::parse({"name=mica", "empty=", "two=a b", "path=/usr/lib:/lib",
                                             "file=x.tar.gz", "star=*", "\u00e9t\u00e9=summer", "n1=one"});
    return list;
}

std::string expand(std::string_view word, const ExpandOptions &options = {})
{
    return expand_word(word, env(), options).words.front();
}

Words words(std::string_view word, const ExpandOptions &options = {})
{
    return expand_words(word, env(), options).words;
}

const Row expansions[] = {
    {"", ""},
    {"plain", "plain"},
    {"$name", "mica"},
    {"${name}", "mica"},
    {"a${name}b$name", "amicabmica"},
    {"$nameless", ""},
    {"${nameless}", ""},
    {"$\u00e9t\u00e9", "summer"},
    {"$name\u2603", "mica\u2603"},
    {"$name.x", "mica.x"},
    {"$", "$"},
    {"$.", "$."},
    {"a$", "a$"},
    {"$1x", "x"},
    {"$12x", "x"},
    {"$@$*$#$?$-$$$!$0.", "."},
    {"${@}${0}", ""},
    // quotes
    {"'$name'", "$name"},
    {"'a\"b'", "a\"b"},
    {"'a\\'", "a\\"},
    {"\"$name\"", "mica"},
    {"\"a'$name'b\"", "a'mica'b"},
    {"\"\\$name\"", "$name"},
    {"\"\\\"\"", "\""},
    {"\"\\\\\"", "\\"},
    {"\"\\n\"", "\\n"},
    {"a\"b c\"'d e'f", "ab cd ef"},
    {"\"\"", ""},
    // escapes
    {"\\$name", "$name"},
    {"\\'", "'"},
    {"\\n", "n"},
    {"\\\\", "\\"},
    {"a\\", "a"},
    {"\\\u00e9", "\u00e9"},
    // defaults
    {"${name:-x}", "mica"},
    {"${name-x}", "mica"},
    {"${empty:-x}", "x"},
    {"${empty-x}", ""},
    {"${unset:-x}", "x"},
    {"${unset-x}", "x"},
    {"${unset:-}", ""},
    {"${name:+x}", "x"},
    {"${name+x}", "x"},
    {"${empty:+x}", ""},
    {"${empty+x}", "x"},
    {"${unset:+x}", ""},
    {"${unset+x}", ""},
    {"${name:?gone}", "mica"},
    {"${empty?gone}", ""},
    {"${unset:-${empty:-$name}}", "mica"},
    {"${unset:-'$name'}", "$name"},
    {"${unset:-\"$name}\"}", "mica}"},
    {"${unset:-a\\}b}", "a}b"},
    {"\"${unset:-\"a b\"}\"", "a b"},
    {"${unset:-a b}", "a b"},
    {"${+x}", ""},
    {"${-}", ""},
    // patterns
    {"${file#*.}", "tar.gz"},
    {"${file##*.}", "gz"},
    {"${file%.*}", "x.tar"},
    {"${file%%.*}", "x"},
    {"${unset#x}", ""},
    {"${path#/usr}", "/lib:/lib"},
    {"${file#$star.}", "tar.gz"},
    {"${file%${unset:-.gz}}", "x.tar"},
    {"${file#'x'}", ".tar.gz"},
    {"${star#\\*}", ""},
    {"${path/lib/LIB}", "/usr/LIB:/lib"},
    {"${path//lib/LIB}", "/usr/LIB:/LIB"},
    {"${path//\\//_}", "_usr_lib:_lib"},
    {"${path/lib/}", "/usr/:/lib"},
    {"${path//:/ }", "/usr/lib /lib"},
    {"${path/lib/$name}", "/usr/mica:/lib"},
    {"${unset/a/b}", ""},
    {"${n1/one/\"a b\"}", "a b"},
    // nothing special
    {"<", "<"},
    {"<<  EOF", "<<  EOF"},
    {"#~*?[", "#~*?["},
};

const Row failures[] = {
    {"'a", "single-quote"},
    {"\"a", "double-quote"},
    {"\"a\\\"", "double-quote"},
    {"a'b'c'", "single-quote"},
    {"${", "missing '}'"},
    {"${name", "missing '}'"},
    {"${}", "bad substitution"},
    {"${{name}", "bad substitution"},
    {"${:x}", "bad substitution"},
    {"${name:-x", "missing '}'"},
    {"${unset:-${name}", "missing '}'"},
    {"${name:=x}", "unsupported modifier (:=)"},
    {"${name=x}", "unsupported modifier (=)"},
    {"${name:#x}", "unsupported modifier (:#)"},
    {"${name^}", "unsupported modifier (^)"},
    {"${#name}", "unsupported modifier (n)"},
    {"${1x}", "unsupported modifier (x)"},
    {"${name.}", "unsupported modifier (.)"},
    {"${name\u00b0}", "unsupported modifier (\u00b0)"},
    {"${name/a}", "missing '/'"},
    {"${name/a/b", "missing '}'"},
    {"${name#\\x}", "unknown escape"},
    {"${unset?}", "unset: is not allowed to be unset"},
    {"${unset:?}", "unset: is not allowed to be unset"},
    {"${empty:?}", "empty: is not allowed to be empty"},
    {"${unset:?set $name}", "unset: set mica"},
    {"${name:-${unset?inner}}", "unset: inner"},
};

struct Split {
    std::string input;
    Words output;
};
std::ostream &operator<<(std::ostream &out, const Split &row)
{
    return out << '[' << row.input << ']';
}

const Split splits[] = {
    {"", {}},
    {"  ", {}},
    {"a b", {"a", "b"}},
    {" a\tb\nc ", {"a", "b", "c"}},
    {"a\u00a0b", {"a", "b"}},
    {"'a b' \"c d\"", {"a b", "c d"}},
    {"a'b c'd", {"ab cd"}},
    {"a\\ b", {"a b"}},
    {"$two", {"a", "b"}},
    {"\"$two\"", {"a b"}},
    {"x$two", {"xa", "b"}},
    {"$two${two}", {"a", "ba", "b"}},
    {"$unset", {}},
    {"''", {}},
    {"${unset:-c d}", {"c", "d"}},
    {"a ${unset:-c}", {"a", "c"}},
    {"<< EOF x", {"<< EOF", "x"}},
    {"<<EOF x", {"<<EOF", "x"}},
};

const Split raw_splits[] = {
    {"", {}},
    {" a  b ", {"a", "b"}},
    {"a='b c' d", {"a='b c'", "d"}},
    {"a=\"b \\\" c\" d", {"a=\"b \\\" c\"", "d"}},
    {"a=b\\ c d", {"a=b\\ c", "d"}},
    {"'a\\' b", {"'a\\'", "b"}},
    {"\\'a b", {"\\'a", "b"}},
    {"'a b", {"'a b"}},
    {"a\\", {"a"}},
    {"\"a\\", {"\"a"}},
    {"''", {"''"}},
    {"\u00e9\u3000\u00fc", {"\u00e9", "\u00fc"}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(words_of_the_language)

BOOST_DATA_TEST_CASE(a_word_expands, data::make(expansions), row)
{
    BOOST_TEST(expand(row.input) == row.output);
}

BOOST_DATA_TEST_CASE(a_broken_word_is_refused, data::make(failures), row)
{
    const auto message = failure([&] { return expand(row.input); });
    BOOST_TEST(contains(message, row.output), message);
}

BOOST_DATA_TEST_CASE(a_text_splits_after_expansion, data::make(splits), row)
{
    BOOST_TEST(words(row.input) == row.output, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_line_splits_with_its_quotes, data::make(raw_splits), row)
{
    BOOST_TEST(split_words(row.input, '\\') == row.output, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_operand_forgets_the_word_before_it)
{
    BOOST_TEST(words("8${unset:-080}") == Words{"080"}, boost::test_tools::per_element());
    BOOST_TEST(expand("8${unset:-080}") == "8080");
}

BOOST_AUTO_TEST_CASE(the_other_escape_character_works_alike)
{
    const ExpandOptions options{.escape = '`'};
    BOOST_TEST(expand("`$name\\`\\\"`\"\"", options) == "$name\\\\\"");
    BOOST_TEST(expand("C:\\$name", options) == "C:\\mica");
    BOOST_TEST(split_words("a` b c", '`') == (Words{"a` b", "c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(raw_quotes_are_content)
{
    const ExpandOptions options{.raw_quotes = true};
    BOOST_TEST(expand("it's \"$name\" \\$name '$name'", options) == "it's \"mica\" $name 'mica'");
}

BOOST_AUTO_TEST_CASE(kept_quotes_and_escapes_still_group)
{
    const ExpandOptions options{.keep_quotes = true, .keep_escapes = true};
    BOOST_TEST(expand("'$name' \"$name\" \\$name", options) == "'$name' \"mica\" \\$name");
    BOOST_TEST(words("'a b' c\\ d", options) == (Words{"'a b'", "c\\ d"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unset_variables_can_stay_as_written)
{
    const ExpandOptions options{.skip_unset = true};
    for (const std::string text : {"$unset", "${unset}", "${unset:-x}", "${unset+x}", "${unset#x}",
                                   "${unset/a/b}", "${unset//a/b}", "${unset:=x}", "${unset:?x}"})
        BOOST_TEST(expand(text, options) == text);
    BOOST_TEST(expand("$name", options) == "mica");
}

BOOST_AUTO_TEST_CASE(lookups_are_told)
{
    const auto found = expand_word("$name ${empty:-$gone} '$quoted' ${name:+$lost}", env(), {});
    BOOST_TEST((found.matched == std::set<std::string>{"name", "empty"}));
    BOOST_TEST((found.unmatched == std::set<std::string>{"gone", "lost"}));
}

BOOST_AUTO_TEST_CASE(errors_tell_the_text)
{
    try {
        static_cast<void>(expand("a${"));
        BOOST_FAIL("accepted");
    } catch (const Error &error) {
        BOOST_REQUIRE_EQUAL(error.context().size(), 1U);
        BOOST_TEST(error.context().front() == "expanding \"a${\"");
    }
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded)
{
    std::string deep = "x";
    for (int i = 0; i < 100; ++i)
        deep = "${unset:-" + deep + "}";
    BOOST_TEST(expand(deep) == "x");
    BOOST_TEST(
        contains(failure([&] { return expand("${unset:-" + deep + "}"); }), "nested more than 100 deep"));
}

BOOST_AUTO_TEST_CASE(growth_is_bounded)
{
    EnvList big;
    big.set("big", std::string(1U << 20U, 'x'));
    std::string text;
    for (int i = 0; i < 20; ++i)
        text += "$big";
    BOOST_TEST(contains(failure([&] { return expand_word(text, big, {}); }), "grows by more than 16 MiB"));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_pass)
{
    BOOST_TEST(expand("\xff$name\xfe") == "\xffmica\xfe");
}

BOOST_AUTO_TEST_CASE(a_list_keeps_its_order)
{
    auto list = EnvList::parse({"a=1", "b", "c=x=y"});
    list.set("b", "2");
    list.set("d", "4");
    BOOST_TEST(list.assignments() == (Words{"a=1", "b=2", "c=x=y", "d=4"}), boost::test_tools::per_element());
    BOOST_TEST(list.names() == (Words{"a", "b", "c", "d"}), boost::test_tools::per_element());
    BOOST_TEST(list.get("c").value() == "x=y");
    BOOST_TEST(!list.get("e"));
}

BOOST_AUTO_TEST_CASE(the_last_of_equal_names_counts)
{
    const auto list = EnvList::parse({"a=1", "a=2"});
    BOOST_TEST(list.get("a").value() == "2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
