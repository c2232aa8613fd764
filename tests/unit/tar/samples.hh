#pragma once
/// @file
/// Entries for the tests of tar, one for each thing the format can say.
#include "tar/entry.hh"
#include <string>
#include <vector>

namespace mica::tar::test {

struct Sample {
    const char *name; ///< of the golden file
    Entry entry;
    std::string bytes;
};

[[nodiscard]] std::vector<Sample> samples();

/// The archive of these samples.
[[nodiscard]] std::string archive_of(const std::vector<Sample> &list);

} // namespace mica::tar::test
