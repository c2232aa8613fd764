#include "verify/elf_file.hh"

#include "io/fd.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::verify;

BOOST_AUTO_TEST_SUITE(elf_file)

BOOST_AUTO_TEST_CASE(this_program_has_sections)
{
    const auto file = read_file("/proc/self/exe");
    const auto sections = read_sections(file);
    BOOST_REQUIRE(sections);
    const auto has = [&](const char *name) {
        return std::any_of(sections->begin(), sections->end(), [&](const auto &section) {
            return section.name == name && !section.bytes.empty();
        });
    };
    BOOST_TEST(has(".text"));
    BOOST_TEST(has(".rodata"));
    BOOST_TEST(!has(".bss"));
}

BOOST_AUTO_TEST_CASE(no_cut_or_bent_file_is_read_past_its_end)
{
    auto file = read_file("/proc/self/exe").substr(0, 4096);
    for (std::size_t size = 0; size < 200; ++size)
        static_cast<void>(read_sections(std::string_view{file}.substr(0, size)));
    for (std::size_t at = 16; at < 64; ++at) {
        auto bent = file;
        bent[at] = static_cast<char>(0xff);
        static_cast<void>(read_sections(bent));
    }
    BOOST_TEST(!read_sections("text"));
}

BOOST_AUTO_TEST_CASE(strings_are_long_runs_of_printable_characters)
{
    BOOST_TEST(printable_strings(std::string_view{"\1short\0long enough\2x", 20}) == "long enough\n");
}

BOOST_AUTO_TEST_SUITE_END()
