#include "support/golden.hh"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace mica::test {

namespace {

// Meson reports this status of a test program as "skipped".
constexpr int skipped = 77;

/// Ends the program as skipped once it has written a file.
class SkipAtExit {
public:
    SkipAtExit() = default;
    SkipAtExit(const SkipAtExit &) = delete;
    SkipAtExit &operator=(const SkipAtExit &) = delete;
    ~SkipAtExit() { _exit(skipped); }
};

std::filesystem::path source_root()
{
    const char *root = std::getenv("MICA_SOURCE_ROOT");
    return root == nullptr ? std::filesystem::current_path() : std::filesystem::path{root};
}

bool updating()
{
    const char *value = std::getenv("UPDATE_GOLDEN");
    return value != nullptr && std::string_view{value} == "1";
}

void rewrite(const std::filesystem::path &path, std::string_view text)
{
    static const SkipAtExit skip;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
    BOOST_TEST_MESSAGE("written, not tested: " << path);
}

std::string first_difference(const std::string &expected, const std::string &actual)
{
    std::istringstream left{expected};
    std::istringstream right{actual};
    std::string a;
    std::string b;
    for (unsigned line = 1;; ++line) {
        const bool more_left = static_cast<bool>(std::getline(left, a));
        const bool more_right = static_cast<bool>(std::getline(right, b));
        if (!more_left && !more_right)
            return "the ends of the files differ";
        if (more_left != more_right || a != b)
            return "line " + std::to_string(line) + "\n  expected: " + (more_left ? a : "(end)") +
                   "\n  actual:   " + (more_right ? b : "(end)");
    }
}

} // namespace

void check_golden_file(std::string_view path_in_source_tree, std::string_view actual)
{
    const auto path = source_root() / path_in_source_tree;
    if (updating()) {
        rewrite(path, actual);
        return;
    }
    std::ifstream file{path, std::ios::binary};
    BOOST_TEST_REQUIRE(file.good(), path << " is missing; make it with UPDATE_GOLDEN=1");
    const std::string expected{std::istreambuf_iterator<char>{file}, {}};
    const std::string got{actual};
    BOOST_TEST((expected == got), path_in_source_tree
                                      << ": " << first_difference(expected, got)
                                      << "\n(if this is right, write it anew with UPDATE_GOLDEN=1)");
}

void check_golden(std::string_view name, std::string_view actual)
{
    check_golden_file("tests/golden/" + std::string{name}, actual);
}

} // namespace mica::test
