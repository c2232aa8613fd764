// Differences that are planted in one file or one value, and what mica diff must call them.
#include "io/codec.hh"
#include "support/layer_builder.hh"
#include "verify/cause.hh"
#include "verify/compare_files.hh"
#include "verify/inside.hh"
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <elf.h>

using namespace mica;
using namespace mica::verify;

namespace {

namespace data = boost::unit_test::data;

/// What the report of one file says, from its bytes.
std::string cause_of(const std::string &path, const std::string &left, const std::string &right)
{
    FileDifference file{path, {{"content", "a", "b"}}};
    const auto inside = look_inside(path, left, right);
    const auto cause = file_cause(file, &inside);
    return cause ? cause->code : "";
}

std::string number(std::uint32_t value)
{
    std::string bytes;
    for (int i = 0; i < 4; ++i)
        bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

std::string pyc(std::uint32_t time, const std::string &code)
{
    return "\x6f\x0d\r\n" + number(0) + number(time) + number(5) + code + std::string(4, '\0');
}

std::string gzip(const std::string &text, std::uint32_t time, int level = 5)
{
    ThreadPool pool{1};
    StringSink sink;
    auto packer = compressor({Compression::gzip, level}, sink, pool);
    packer->write(as_bytes(text));
    packer->finish();
    auto bytes = sink.str();
    bytes.replace(4, 4, number(time));
    return bytes;
}

std::string ar(const std::string &time, const std::string &content)
{
    auto pad = [](std::string text, std::size_t size) { return text.append(size - text.size(), ' '); };
    return "!<arch>\n" + pad("x.o/", 16) + pad(time, 12) + pad("0", 6) + pad("0", 6) + pad("644", 8) +
           pad(std::to_string(content.size()), 10) + "`\n" + content;
}

std::string tar(std::int64_t time, std::uint32_t owner, const std::string &content, std::uint32_t mode = 0644)
{
    return test::LayerBuilder{}.at(time).owner(owner, owner).file("x", content, mode).tar();
}

/// An ELF file with one section beside the names.
std::string elf(const std::string &name, const std::string &content)
{
    const std::string names = std::string(1, '\0') + name + std::string(1, '\0');
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = 2;
    header.e_shstrndx = 0;
    header.e_shoff = sizeof header + names.size() + content.size();
    std::array<Elf64_Shdr, 2> table{};
    table[0].sh_type = SHT_STRTAB;
    table[0].sh_offset = sizeof header;
    table[0].sh_size = names.size();
    table[1].sh_name = 1;
    table[1].sh_type = SHT_PROGBITS;
    table[1].sh_offset = sizeof header + names.size();
    table[1].sh_size = content.size();
    const auto bytes = [](const auto &value) {
        return std::string{reinterpret_cast<const char *>(&value), sizeof value};
    };
    return bytes(header) + names + content + bytes(table);
}

struct Planted {
    const char *what, *path;
    std::string left, right;
    const char *code;
};

std::ostream &operator<<(std::ostream &out, const Planted &planted)
{
    return out << planted.what;
}

const std::vector<Planted> contents{
    {"the date of the build", "etc/issue", "built on Tue Mar  3 2026 10:11:12 UTC\n",
     "built on Wed Mar  4 2026 09:00:01 UTC\n", "build-time"},
    {"seconds since 1970", "app/stamp", "stamp=1767225600\n", "stamp=1767229999\n", "build-time"},
    {"a random number", "app/id", "id: 3f9a1c77-1b2c-4d5e-8f90-aabbccddeeff\n",
     "id: 91d2e0ab-77aa-4c11-9f00-001122334455\n", "random"},
    {"a token", "app/token", "key QmFzZTY0VG9rZW5B\n", "key WnVmYWxsc3Rva2VuQg\n", "random"},
    {"lines in another order", "app/list", "a\nb\nc\n", "c\na\nb\n", "order"},
    {"a JSON object in another order", "app/x.json", R"({"name": "x", "size": 2, "kind": "z"})",
     R"({"kind": "z", "name": "x", "size": 2})", "order"},
    {"ends of lines", "app/x.sh", "one\ntwo\n", "one\r\ntwo\r\n", "line-endings"},
    {"blanks", "app/y", "a  b\n", "a b\n", "blanks"},
    {"the last newline", "app/z", "a\nb", "a\nb\n", "last-line"},
    {"the directory of the build", "app/w.pc", "prefix=/tmp/build.aX/out\n", "prefix=/home/me/out\n",
     "build-path"},
    {"a version", "app/v", "lib 1.2.3\n", "lib 1.2.4\n", "number"},
    {"other words", "app/u", "yes\n", "no\n", "content"},
    {"a log", "var/log/dpkg.log", "10:00 install\n", "10:01 install\n", "log"},
    {"a machine's identity", "etc/machine-id", "aaaa\n", "bbbb\n", "machine-id"},
    {"ldconfig's cache", "var/cache/ldconfig/aux-cache", std::string("a\0", 2), std::string("b\0", 2),
     "ldconfig-cache"},
    {"the host's name", "etc/hostname", "one\n", "two\n", "host-name"},
    {"package lists", "var/lib/apt/lists/x_Packages", "a\n", "b\n", "package-lists"},
    {"versions of packages", "var/lib/dpkg/status", "Version: 1\n", "Version: 2\n", "package-versions"},
    {"the day of a password", "etc/shadow", "root:*:20100:0:99999:7:::\n", "root:*:20101:0:99999:7:::\n",
     "password-date"},
    {"a key of the host", "etc/ssh/ssh_host_rsa_key", "x\n", "y\n", "key"},
    {"a user's cache", "home/me/.cache/pip/x", "a", "b", "cache"},
    {"compiled Python", "usr/lib/x.pyc", pyc(1000, "code"), pyc(2000, "code"), "pyc-time"},
    {"other compiled Python", "usr/lib/y.pyc", pyc(0, "abcd"), pyc(0, "efgh"), "pyc"},
    {"a gzip header", "usr/share/x.gz", gzip("text\n", 1), gzip("text\n", 2), "gzip-time"},
    {"another way to compress", "usr/share/y.gz", gzip(std::string(5000, 'x') + "abcabcabd", 0, 1),
     gzip(std::string(5000, 'x') + "abcabcabd", 0, 9), "compression"},
    {"text in a gzip file", "usr/share/z.gz", gzip("b\na\n", 0), gzip("a\nb\n", 0), "order"},
    {"times in a static library", "usr/lib/x.a", ar("1000", "\x01\x02"), ar("2000", "\x01\x02"), "ar-times"},
    {"times in an archive", "opt/x.tar", tar(1000, 0, "a"), tar(2000, 0, "a"), "archive-times"},
    {"owners in an archive", "opt/y.tar", tar(1000, 1, "a"), tar(1000, 2, "a"), "archive-owners"},
    {"modes in an archive", "opt/m.tar", tar(1000, 1, "a", 0644), tar(1000, 1, "a", 0664), "archive-modes"},
    {"content in an archive", "opt/z.tar", tar(1000, 0, "10:11:12\n"), tar(1000, 0, "10:11:13\n"),
     "build-time"},
    {"order in an archive", "opt/o.tar", test::LayerBuilder{}.file("a", "1").file("b", "2").tar(),
     test::LayerBuilder{}.file("b", "2").file("a", "1").tar(), "archive-order"},
    {"a build ID", "usr/bin/a", elf(".note.gnu.build-id", "\x01\x02"), elf(".note.gnu.build-id", "\x03\x04"),
     "elf-build-id"},
    {"debug information", "usr/bin/b", elf(".debug_info", "\x01\x02"), elf(".debug_info", "\x03\x04"),
     "elf-debug"},
    {"a compiler", "usr/bin/c", elf(".comment", "GCC: (Debian) twelve"), elf(".comment", "clang version"),
     "tool-version"},
    {"a time in a program", "usr/bin/d", elf(".rodata", "built Mar  3 2026 10:11:12"),
     elf(".rodata", "built Mar  4 2026 09:11:12"), "build-time"},
    {"a path in a program", "usr/bin/e", elf(".rodata", "/tmp/build-x/main.c"),
     elf(".rodata", "/home/y/main.c"), "build-path"},
    {"code", "usr/bin/f", elf(".text", "\x90\x90"), elf(".text", "\x90\xc3"), "elf-code"},
};

tar::Entry plain(std::uint32_t mode = 0644)
{
    return test::LayerBuilder::entry(tar::FileType::regular, "x", mode, 0, 0);
}

std::string cause_of(const tar::Entry &left, const tar::Entry &right)
{
    const ListedChange a{{layer::Change::Kind::upsert, left, nullptr}, std::nullopt};
    const ListedChange b{{layer::Change::Kind::upsert, right, nullptr}, std::nullopt};
    FileDifference file{left.path, compare_changes(&a, &b)};
    const auto cause = file_cause(file, nullptr);
    return cause ? cause->code : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(planted)

BOOST_DATA_TEST_CASE(a_difference_of_content_is_named, data::make(contents), planted)
{
    BOOST_TEST(cause_of(planted.path, planted.left, planted.right) == planted.code);
}

BOOST_AUTO_TEST_CASE(a_time_is_named)
{
    auto later = plain();
    later.mtime = from_unix(5);
    BOOST_TEST(cause_of(plain(), later) == "file-time");
}

BOOST_AUTO_TEST_CASE(a_umask_is_told_from_a_chmod)
{
    BOOST_TEST(cause_of(plain(0644), plain(0664)) == "umask");
    BOOST_TEST(cause_of(plain(0644), plain(0744)) == "mode");
    BOOST_TEST(cause_of(plain(0755), plain(04755)) == "mode");
}

BOOST_AUTO_TEST_CASE(an_owner_is_named)
{
    auto other = plain();
    other.uid = 100;
    BOOST_TEST(cause_of(plain(), other) == "owner");
}

BOOST_AUTO_TEST_CASE(attributes_are_named)
{
    auto other = plain();
    other.xattrs["security.capability"] = "\x01";
    BOOST_TEST(cause_of(plain(), other) == "capability");
    auto labelled = plain();
    labelled.xattrs["security.selinux"] = "x";
    BOOST_TEST(cause_of(plain(), labelled) == "xattr");
}

BOOST_AUTO_TEST_CASE(links_are_named)
{
    auto link = plain();
    link.type = tar::FileType::symlink;
    link.link_target = "a";
    auto other = link;
    other.link_target = "b";
    BOOST_TEST(cause_of(link, other) == "link");
    auto hard = plain();
    hard.type = tar::FileType::hardlink;
    hard.link_target = "y";
    BOOST_TEST(cause_of(plain(), hard) == "hard-link");
    BOOST_TEST(cause_of(plain(), link) == "type");
}

BOOST_AUTO_TEST_CASE(a_device_is_named)
{
    auto device = plain();
    device.type = tar::FileType::char_device;
    device.device_major = 1;
    auto other = device;
    other.device_minor = 3;
    BOOST_TEST(cause_of(device, other) == "device");
}

BOOST_AUTO_TEST_CASE(a_file_of_one_side_is_named)
{
    const ListedChange file{{layer::Change::Kind::upsert, plain(), nullptr}, std::nullopt};
    FileDifference difference{"x", compare_changes(&file, nullptr)};
    BOOST_TEST(file_cause(difference, nullptr)->code == "one-side");
}

BOOST_AUTO_TEST_CASE(values_of_the_configuration_are_named)
{
    const auto code = [](const char *name) { return config_cause({name, "a", "b"}).value_or(Cause{}).code; };
    BOOST_TEST(code("created") == "build-time");
    BOOST_TEST(code("config.Env.PATH") == "environment");
    BOOST_TEST(code("architecture") == "platform");
    BOOST_TEST(code("config.Labels.org.opencontainers.image.revision") == "revision");
    BOOST_TEST(code("config.Labels.team") == "label");
}

BOOST_AUTO_TEST_SUITE_END()
