#include "verify/sbom/records.hh"

#include "verify/sbom/package.hh"
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <elf.h>
#include <random>
#include <zlib.h>

using namespace mica::verify;

namespace {

std::string names(const std::vector<Package> &packages)
{
    std::string out;
    for (const auto &package : packages)
        out += purl(package, {"debian", "12", ""}) + "\n";
    return out;
}

/// An ELF file with one section of this name.
std::string program(const std::string &name, const std::string &content)
{
    const std::string table_of_names = std::string(1, '\0') + name + std::string(1, '\0');
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = 2;
    header.e_shoff = sizeof header + table_of_names.size() + content.size();
    Elf64_Shdr sections[2]{};
    sections[0].sh_type = SHT_STRTAB;
    sections[0].sh_offset = sizeof header;
    sections[0].sh_size = table_of_names.size();
    sections[1].sh_name = 1;
    sections[1].sh_type = SHT_PROGBITS;
    sections[1].sh_offset = sizeof header + table_of_names.size();
    sections[1].sh_size = content.size();
    return std::string{reinterpret_cast<const char *>(&header), sizeof header} + table_of_names + content +
           std::string{reinterpret_cast<const char *>(sections), sizeof sections};
}

std::string go_text(const std::string &text)
{
    std::string length;
    for (auto left = text.size(); true; left >>= 7U) {
        if (left < 128) {
            length += static_cast<char>(left);
            break;
        }
        length += static_cast<char>((left & 127U) | 128U);
    }
    return length + text;
}

std::string go_program()
{
    const std::string mark(16, 'm');
    const std::string lines = "path\texample.org/app\nmod\texample.org/app\t(devel)\t\n"
                              "dep\tgolang.org/x/net\tv0.17.0\th1:x\ndep\ta.b/c\tv1.0.0\n=>\td.e/f\tv2.0.0\n";
    return program(".go.buildinfo", std::string{"\xff Go buildinf:\x08\x02"} + std::string(16, '\0') +
                                        go_text("go1.21.3") + go_text(mark + lines + mark));
}

std::string rust_program()
{
    const std::string json = R"({"packages":[{"name":"serde","version":"1.0.1"},)"
                             R"({"name":"cc","version":"1.0.0","kind":"build"}]})";
    std::string packed(compressBound(json.size()), '\0');
    auto size = static_cast<uLongf>(packed.size());
    compress(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(json.data()),
             json.size());
    packed.resize(size);
    return program(".dep-v0", packed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(records)

BOOST_AUTO_TEST_CASE(dpkg_tells_what_is_installed)
{
    BOOST_TEST(names(read_dpkg_status("Package: libc6\nStatus: install ok installed\nArchitecture: amd64\n"
                                      "Version: 2.36-9+deb12u4\nDescription: x\n long: text\n\n"
                                      "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n")) ==
               "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12\n");
}

BOOST_AUTO_TEST_CASE(distroless_images_have_no_status)
{
    BOOST_TEST(read_dpkg_status("Package: tzdata\nVersion: 2024a\nArchitecture: all\n").size() == 1);
}

BOOST_AUTO_TEST_CASE(apk_tells_name_version_and_license)
{
    const auto packages =
        read_apk_installed("C:Q1x=\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\nF:lib\n\nP:a\nV:1\n");
    BOOST_REQUIRE(packages.size() == 2);
    BOOST_TEST(packages[0].license == "MIT");
    BOOST_TEST(purl(packages[0], {"alpine", "3.19", ""}) ==
               "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19");
}

BOOST_AUTO_TEST_CASE(a_manifest_of_rpms_has_fields_between_tabs)
{
    BOOST_TEST(names(read_rpm_manifest(
                   "zlib\t1.2.13-1.cm2\t1\t2\tMicrosoft\t(none)\t3\tx86_64\t0\tsrc\nbroken\n")) ==
               "pkg:rpm/debian/zlib@1.2.13-1.cm2?arch=x86_64&distro=debian-12\n");
}

BOOST_AUTO_TEST_CASE(python_names_are_normalised)
{
    BOOST_TEST(names(read_python_metadata(
                   "Metadata-Version: 2.1\nName: Flask_Login.X\nVersion: 1.0\n\nName: no\n")) ==
               "pkg:pypi/flask-login-x@1.0\n");
}

BOOST_AUTO_TEST_CASE(npm_packages_may_have_a_scope)
{
    BOOST_TEST(names(read_npm_package(R"({"name":"@babel/core","version":"7.0.0","license":"MIT"})")) ==
               "pkg:npm/%40babel/core@7.0.0\n");
    BOOST_TEST(read_npm_package("{broken").empty());
    BOOST_TEST(read_npm_package(R"(["a"])").empty());
}

BOOST_AUTO_TEST_CASE(cargo_locks_list_packages)
{
    BOOST_TEST(names(read_cargo_lock(
                   "version = 3\n[[package]]\nname = \"serde\"\nversion = \"1.0\"\n\n"
                   "[[package]]\nname = \"rand\"\nversion = \"0.8\"\n[metadata]\nname = \"x\"\n")) ==
               "pkg:cargo/serde@1.0\npkg:cargo/rand@0.8\n");
}

BOOST_AUTO_TEST_CASE(go_programs_name_their_modules)
{
    BOOST_TEST(names(read_program(go_program())) ==
               "pkg:golang/example.org/app\npkg:golang/golang.org/x/net@v0.17.0\n"
               "pkg:golang/d.e/f@v2.0.0\npkg:golang/stdlib@1.21.3\n");
}

BOOST_AUTO_TEST_CASE(rust_programs_name_their_crates)
{
    BOOST_TEST(names(read_program(rust_program())) == "pkg:cargo/serde@1.0.1\n");
}

BOOST_AUTO_TEST_CASE(os_release_is_read_with_quotes)
{
    const auto distribution = read_os_release("PRETTY_NAME=\"Debian 12\"\nID=debian\nVERSION_ID=\"12\"\n");
    BOOST_TEST(distribution.id == "debian");
    BOOST_TEST(distribution.version == "12");
}

BOOST_AUTO_TEST_CASE(bent_records_are_read_to_no_harm)
{
    std::mt19937 random{3};
    for (const auto &whole : {go_program(), rust_program(), std::string{"Package: a\nVersion: 1\n\n"},
                              std::string{"[[package]]\nname = \"x\"\n"}, std::string{R"({"name":"a"})"}}) {
        for (int round = 0; round < 300; ++round) {
            auto bent = whole.substr(0, random() % (whole.size() + 1));
            for (int i = 0; i < 3 && !bent.empty(); ++i)
                bent[random() % bent.size()] = static_cast<char>(random());
            static_cast<void>(read_program(bent));
            static_cast<void>(read_dpkg_status(bent));
            static_cast<void>(read_apk_installed(bent));
            static_cast<void>(read_cargo_lock(bent));
            static_cast<void>(read_npm_package(bent));
            static_cast<void>(read_python_metadata(bent));
            static_cast<void>(read_rpm_manifest(bent));
            static_cast<void>(read_jar(bent));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
