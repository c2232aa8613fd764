#include "output/root_output.hh"

#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include "unit/output/images.hh"
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace mica::output;
using namespace mica::test;
using mica::ErrorKind;
using mica::read_file;
namespace fs = std::filesystem;
namespace oci = mica::oci;

namespace {

/// Notes what is published.
class NoteBus final : public mica::EventBus {
public:
    void publish(mica::EventBody body) noexcept override
    {
        if (const auto *note = std::get_if<mica::event::Note>(&body))
            notes.push_back(note->text);
    }
    std::vector<std::string> notes;
};

struct Fixture {
    ImageMaker maker;
    NoteBus bus;
    mica::Task task{bus, {}, mica::TaskKind::push, "test"};
    TemporaryDirectory directory;

    void write(const oci::Image &image, const fs::path &to)
    {
        write_root_directory(std::vector{image}, false, to, bus, task, {});
    }
    std::string tar_of(const std::vector<oci::Image> &images, bool split)
    {
        mica::StringSink out;
        write_root_tar(images, split, out, task, {});
        return out.str();
    }
    [[nodiscard]] std::size_t entries(const fs::path &path) const
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{path}, {}));
    }
};

struct stat status_of(const fs::path &path)
{
    struct stat status{};
    BOOST_REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(root_output, Fixture)

BOOST_AUTO_TEST_CASE(a_tar_has_the_files_and_not_the_root)
{
    const auto members =
        read_tar(tar_of({maker.make({{dir("d"), file("d/a", "1")}, {hard("h", "d/a")}})}, false));
    BOOST_TEST(members.size() == 3U);
    BOOST_TEST(members.at("d/a").text == "1");
    BOOST_TEST(members.at("h").entry.link_target == "d/a");
}

BOOST_AUTO_TEST_CASE(platforms_are_split_by_directory)
{
    const auto one = maker.make({{file("a", "1")}}, "linux/amd64");
    const auto other = maker.make({{file("a", "2")}}, "linux/arm/v7");
    const auto members = read_tar(tar_of({one, other}, true));
    BOOST_TEST(members.at("linux_amd64/a").text == "1");
    BOOST_TEST(members.at("linux_arm_v7/a").text == "2");
    BOOST_TEST((members.at("linux_amd64").entry.type == mica::tar::FileType::directory));
    write_root_directory(std::vector{one, other}, true, directory / "out", bus, task, {});
    BOOST_TEST(read_file(directory / "out/linux_arm_v7/a") == "2");
}

BOOST_AUTO_TEST_CASE(a_directory_has_every_kind_of_file)
{
    write(maker.make({{dir("d", 0750), file("d/a", "text", 0640), file("d/e", ""), hard("d/h", "d/a"),
                       node("f", mica::tar::FileType::fifo, {}, 0600), soft("l", "/etc/x")}}),
          directory / "out");
    const auto root = directory / "out";
    BOOST_TEST(read_file(root / "d/a") == "text");
    BOOST_TEST((status_of(root / "d/a").st_mode & 07777U) == 0640U);
    BOOST_TEST(status_of(root / "d/a").st_mtim.tv_sec == 1000);
    BOOST_TEST((status_of(root / "d").st_mode & 07777U) == 0750U);
    BOOST_TEST(status_of(root / "d").st_mtim.tv_sec == 2000);
    BOOST_TEST(fs::read_symlink(root / "l") == "/etc/x");
    BOOST_TEST(status_of(root / "l").st_mtim.tv_sec == 2000);
    BOOST_TEST(status_of(root / "d/h").st_ino == status_of(root / "d/a").st_ino);
    BOOST_TEST(S_ISFIFO(status_of(root / "f").st_mode));
    BOOST_TEST(fs::is_empty(root / "d/e"));
}

BOOST_AUTO_TEST_CASE(a_read_only_directory_is_no_obstacle)
{
    write(maker.make({{dir("d", 0555), file("d/a", "1")}}), directory / "out");
    BOOST_TEST((status_of(directory / "out/d").st_mode & 07777U) == 0555U);
    BOOST_TEST(read_file(directory / "out/d/a") == "1");
    fs::permissions(directory / "out/d", fs::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(a_new_directory_has_the_root_s_mode_and_nothing_beside_it)
{
    write(maker.make({{dir("", 0711), file("a", "1")}}), directory / "out/deep");
    BOOST_TEST((status_of(directory / "out/deep").st_mode & 07777U) == 0711U);
    BOOST_TEST(entries(directory / "out") == 1U);
}

BOOST_AUTO_TEST_CASE(an_existing_directory_is_written_over_and_keeps_the_rest)
{
    fs::create_directories(directory / "out/d");
    std::ofstream{directory / "out/kept"} << "kept";
    std::ofstream{directory / "out/d/kept"} << "kept";
    std::ofstream{directory / "out/d/a"} << "old";
    fs::permissions(directory / "out", fs::perms{0700});
    write(maker.make({{dir("d", 0700), file("d/a", "new"), dir("n"), file("n/b", "2")}}), directory / "out");
    BOOST_TEST(read_file(directory / "out/d/a") == "new");
    BOOST_TEST(read_file(directory / "out/n/b") == "2");
    BOOST_TEST(read_file(directory / "out/d/kept") == "kept");
    BOOST_TEST(read_file(directory / "out/kept") == "kept");
    BOOST_TEST((status_of(directory / "out/d").st_mode & 07777U) == 0700U);
    BOOST_TEST((status_of(directory / "out").st_mode & 07777U) == 0700U);
    BOOST_TEST(entries(directory / "out") == 3U);
}

BOOST_AUTO_TEST_CASE(a_link_that_is_there_leads_nowhere)
{
    fs::create_directories(directory / "elsewhere");
    fs::create_directories(directory / "out");
    fs::create_symlink(directory / "elsewhere", directory / "out/d");
    const auto image = maker.make({{dir("d"), file("d/a", "1")}});
    BOOST_TEST(kind_of([&] { write(image, directory / "out"); }) == ErrorKind::usage);
    BOOST_TEST(fs::is_empty(directory / "elsewhere"));
    BOOST_TEST(entries(directory / "out") == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_in_the_way_is_told_before_anything_moves)
{
    fs::create_directories(directory / "out/z");
    std::ofstream{directory / "out/a"} << "old";
    const auto error =
        error_of([&] { write(maker.make({{file("a", "new"), file("z", "file")}}), directory / "out"); });
    BOOST_TEST(error.kind() == ErrorKind::usage);
    BOOST_TEST(contains(error.message(), "z is in the way"));
    BOOST_TEST(read_file(directory / "out/a") == "old");
    BOOST_TEST(entries(directory / "out") == 2U);
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_nothing)
{
    auto image = maker.make({{dir("d", 0500), file("d/a", "1")}, {file("b", "2")}});
    image.layers[1].layer.diff_id = mica::sha256("something else");
    BOOST_TEST(kind_of([&] { write(image, directory / "out"); }) == ErrorKind::integrity);
    BOOST_TEST(fs::is_empty(directory.path()));
}

BOOST_AUTO_TEST_CASE(a_file_in_place_of_the_directory_is_refused)
{
    std::ofstream{directory / "out"} << "x";
    BOOST_TEST(kind_of([&] { write(maker.make({}), directory / "out"); }) == ErrorKind::usage);
    BOOST_TEST(read_file(directory / "out") == "x");
}

BOOST_AUTO_TEST_CASE(root_keeps_owners_and_others_are_told)
{
    auto change = file("a", "1", 04755);
    change.entry.uid = 12345;
    change.entry.gid = 54321;
    write(maker.make({{change}}), directory / "out");
    if (::geteuid() == 0) {
        BOOST_TEST(status_of(directory / "out/a").st_uid == 12345U);
        BOOST_TEST(status_of(directory / "out/a").st_gid == 54321U);
        BOOST_TEST((status_of(directory / "out/a").st_mode & 07777U) == 04755U);
        BOOST_TEST(bus.notes.empty());
    } else {
        BOOST_TEST((status_of(directory / "out/a").st_mode & 07777U) == 0755U);
        BOOST_TEST(bus.notes.size() == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
