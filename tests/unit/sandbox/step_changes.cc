#include "sandbox/step_changes.hh"

#include "support/sandbox_fixture.hh"
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace {

using boost::test_tools::per_element;
using mica::layer::Change;
using mica::layer::FileTree;
using mica::sandbox::UpperEntry;
using mica::tar::FileType;
using Lines = std::vector<std::string>;

constexpr std::int64_t second = 1'000'000'000;

Change upsert(FileType type, std::string path)
{
    Change change;
    change.entry.type = type;
    change.entry.path = std::move(path);
    change.entry.mode = type == FileType::directory ? 0755 : 0644;
    change.entry.mtime = mica::from_unix(100);
    return change;
}

UpperEntry entry(FileType type, std::string path, std::int64_t mtime = 100 * second)
{
    UpperEntry made;
    made.type = type;
    made.path = std::move(path);
    made.mode = type == FileType::directory ? 0755 : 0644;
    made.mtime = mtime;
    return made;
}

UpperEntry whiteout(std::string path)
{
    auto made = entry(FileType::char_device, std::move(path));
    made.kind = UpperEntry::Kind::whiteout;
    return made;
}

/// d/ with f in it, an empty e/, a device and a file of a high owner.
struct Tree {
    FileTree before;
    Tree()
    {
        for (const char *path : {"d", "e"})
            before.apply(upsert(FileType::directory, path), 0);
        before.apply(upsert(FileType::regular, "d/f"), 0);
        auto device = upsert(FileType::char_device, "null");
        device.entry.device_major = 1;
        device.entry.device_minor = 3;
        before.apply(device, 0);
        auto owned = upsert(FileType::regular, "high");
        owned.entry.uid = 200000;
        before.apply(owned, 0);
    }
    Lines lines(std::vector<UpperEntry> entries) const
    {
        Lines found;
        const auto content = [](const std::string &) { return std::make_shared<mica::StringContent>("x"); };
        for (const auto &change : mica::sandbox::step_changes(std::move(entries), before, content))
            found.push_back(mica::test::describe_change(change));
        return found;
    }
};

BOOST_FIXTURE_TEST_SUITE(sandbox_step_changes, Tree)

BOOST_AUTO_TEST_CASE(a_directory_as_before_is_left_out)
{
    BOOST_TEST(lines({entry(FileType::directory, "d")}).empty());
}

BOOST_AUTO_TEST_CASE(fractions_of_the_second_are_not_in_a_tar)
{
    BOOST_TEST(lines({entry(FileType::directory, "d", 100 * second + 5)}).empty());
}

BOOST_AUTO_TEST_CASE(a_time_of_an_earlier_step_is_as_before)
{
    auto directory = entry(FileType::directory, "d", 777 * second + 5);
    BOOST_TEST(lines({directory}) == Lines{"dir d 755 0:0"}, per_element());
    directory.earlier_mtime = 777 * second + 5;
    BOOST_TEST(lines({directory}).empty());
}

BOOST_AUTO_TEST_CASE(the_time_of_the_root_means_nothing)
{
    BOOST_TEST(lines({entry(FileType::directory, "", 5 * second)}).empty());
    auto root = entry(FileType::directory, "");
    root.mode = 0700;
    BOOST_TEST(lines({root}) == Lines{"dir . 700 0:0"}, per_element());
}

BOOST_AUTO_TEST_CASE(an_opaque_mark_counts_only_over_something)
{
    auto full = entry(FileType::directory, "d");
    full.opaque = true;
    auto empty = entry(FileType::directory, "e");
    empty.opaque = true;
    auto fresh = entry(FileType::directory, "g");
    fresh.opaque = true;
    BOOST_TEST(lines({full, empty, fresh}) == (Lines{"dir d 755 0:0", "opaque d", "dir g 755 0:0"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_whiteout_counts_only_over_something)
{
    BOOST_TEST(lines({whiteout("d/f"), whiteout("d/g")}) == Lines{"remove d/f"}, per_element());
}

BOOST_AUTO_TEST_CASE(an_attribute_more_is_a_change)
{
    auto directory = entry(FileType::directory, "d");
    directory.xattrs["user.a"] = "1";
    BOOST_TEST(lines({directory}) == Lines{"dir d 755 0:0 user.a=1"}, per_element());
}

BOOST_AUTO_TEST_CASE(stand_ins_become_what_they_stand_for)
{
    auto device = entry(FileType::regular, "null");
    device.mode = 0666;
    auto owned = entry(FileType::regular, "high");
    owned.uid = 65534;
    owned.size = 1;
    BOOST_TEST(lines({owned, device}) == (Lines{"file high 644 200000:0 1", "char null 666 0:0 1,3"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_file_that_was_written_to_a_stand_in_is_a_file)
{
    auto device = entry(FileType::regular, "null");
    device.size = 4;
    BOOST_TEST(lines({device}) == Lines{"file null 644 0:0 4"}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
