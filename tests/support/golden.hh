#pragma once
/// @file
/// Expected bytes in files under tests/golden.
#include <string>
#include <string_view>

namespace mica::test {

/// Compares with tests/golden/`name`, and on a difference shows the first line that
/// differs. With UPDATE_GOLDEN=1 in the environment it writes the file instead, and
/// the whole program counts as skipped: what is written was not tested.
void check_golden(std::string_view name, std::string_view actual);
/// The same for any file of the source tree.
void check_golden_file(std::string_view path_in_source_tree, std::string_view actual);

} // namespace mica::test
