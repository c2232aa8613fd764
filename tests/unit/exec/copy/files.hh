#pragma once
/// @file
/// Trees, steps and results of COPY as short text, for its tests.
#include "context/context.hh"
#include "exec/copy/copy.hh"
#include "layer/file_tree.hh"
#include "support/temporary_directory.hh"
#include <memory>
#include <string>
#include <vector>

namespace mica::exec::test {

/// "d dir", "f dir/file=bytes", "l link>target", "h name>target", "p fifo"; between the
/// letter and the path "MODE" and "UID:GID" may stand: "f 0600 3:4 a=x". Implied
/// directories are made.
std::vector<layer::Change> changes_of(const std::vector<std::string> &lines);
layer::FileTree tree_of(const std::vector<std::string> &lines);

/// The bytes of a file of tree_of(): they are its link-free name's own.
ContentProvider provider_of(const std::vector<std::string> &lines);

/// The form that changes_of() reads, with everything told; "o dir" is an opaque mark.
std::vector<std::string> describe(const std::vector<layer::Change> &changes);
/// All paths of a tree, without bytes.
std::vector<std::string> describe(const layer::FileTree &tree);

/// A COPY from one tree to another.
struct CopyCase {
    plan::CopyStep step;
    std::vector<std::string> source, destination;
    std::optional<Owner> owner;
    RemoteFetcher fetch;
    mica::test::TemporaryDirectory scratch;

    CopyCase(std::vector<std::string> sources, std::string to)
    {
        step.sources = std::move(sources);
        step.destination = std::move(to);
    }
    [[nodiscard]] std::vector<layer::Change> changes() const;
    [[nodiscard]] std::vector<std::string> lines() const { return describe(changes()); }
    /// Only the paths of what is made.
    [[nodiscard]] std::vector<std::string> paths() const;
    /// The destination with the changes applied.
    [[nodiscard]] layer::FileTree applied() const;
};

constexpr std::int64_t build_time = 1'700'000'000;

using Lines = std::vector<std::string>;

} // namespace mica::exec::test

#define CHECK_LINES(actual, ...)                                                                             \
    do {                                                                                                     \
        const auto lines_of_actual = actual;                                                                 \
        const mica::exec::test::Lines expected_lines{__VA_ARGS__};                                           \
        BOOST_TEST(lines_of_actual == expected_lines, boost::test_tools::per_element());                     \
    } while (false)
