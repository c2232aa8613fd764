#include "samples.hh"

#include "tar/writer.hh"

namespace mica::tar::test {

namespace {

Entry entry(std::string path, FileType type = FileType::regular, std::uint32_t mode = 0644)
{
    Entry made;
    made.path = std::move(path);
    made.type = type;
    made.mode = mode;
    made.mtime = from_unix(1136239445);
    return made;
}

template <class Edit> Sample edited(const char *name, Entry made, const Edit &edit, std::string bytes = {})
{
    edit(made);
    made.size = bytes.size();
    return {name, std::move(made), std::move(bytes)};
}

Sample sample(const char *name, Entry made, std::string bytes = {})
{
    return edited(name, std::move(made), [](Entry &) {}, std::move(bytes));
}

} // namespace

std::vector<Sample> samples()
{
    const std::string hundred(100, 'n');
    return {
        sample("file", entry("etc/hostname"), "mica\n"),
        sample("empty_file", entry("etc/empty")),
        sample("full_block", entry("block"), std::string(512, 'b')),
        edited("owner_and_special_bits", entry("usr/bin/su", FileType::regular, 06755),
               [](Entry &e) {
                   e.uid = 1000;
                   e.gid = 2097151;
               }),
        sample("directory", entry("usr/lib", FileType::directory, 01777)),
        sample("root", entry("", FileType::directory, 0755)),
        edited("symlink", entry("bin", FileType::symlink, 0777),
               [](Entry &e) { e.link_target = "usr/bin/../bin/"; }),
        edited("hardlink", entry("b", FileType::hardlink), [](Entry &e) { e.link_target = "etc/hostname"; }),
        edited("char_device", entry("dev/null", FileType::char_device, 0666),
               [](Entry &e) {
                   e.device_major = 1;
                   e.device_minor = 3;
               }),
        edited("block_device", entry("dev/sda", FileType::block_device, 0660),
               [](Entry &e) { e.device_major = 8; }),
        sample("fifo", entry("run/pipe", FileType::fifo, 0600)),
        sample("name_of_100", entry(hundred)),
        sample("name_of_101", entry(hundred + "x")),
        sample("name_with_prefix", entry(std::string(155, 'p') + "/" + hundred)),
        sample("name_with_prefix_too_long", entry(std::string(156, 'p') + "/" + hundred)),
        sample("directory_of_99", entry(std::string(99, 'd'), FileType::directory, 0755)),
        sample("directory_of_100", entry("a/" + std::string(100, 'd'), FileType::directory, 0755)),
        sample("name_in_utf8", entry("caf\xc3\xa9/na\xc3\xafve"), "x"),
        sample("name_in_no_charset", entry("\xff\xfe"), "x"),
        edited("long_link", entry("l", FileType::symlink, 0777),
               [&](Entry &e) { e.link_target = hundred + "/x"; }),
        edited("link_in_utf8", entry("l2", FileType::symlink, 0777),
               [](Entry &e) { e.link_target = "\xc3\xa9"; }),
        edited("big_ids", entry("ids"),
               [](Entry &e) {
                   e.uid = 2097152;
                   e.gid = 4294967294U;
               }),
        edited("time_before_1970", entry("old"), [](Entry &e) { e.mtime = from_unix(-1); }),
        edited("time_after_2242", entry("new"), [](Entry &e) { e.mtime = from_unix(8589934592); }),
        edited("fraction_of_a_second", entry("frac"),
               [](Entry &e) { e.mtime += std::chrono::nanoseconds{999999999}; }),
        edited(
            "xattrs", entry("bin/ping", FileType::regular, 0755),
            [](Entry &e) {
                e.xattrs["user.b"] = "2";
                e.xattrs["security.capability"] = std::string("\1\0\0\2\0\n=\0", 8);
                e.xattrs["user.empty"] = "";
            },
            "elf"),
        edited(
            "everything_at_once", entry(std::string(300, 'x') + "/\xc3\xa9"),
            [](Entry &e) {
                e.uid = 3000000;
                e.mtime = from_unix(-5);
                e.xattrs["user.a"] = "1";
            },
            "bytes"),
    };
}

std::string archive_of(const std::vector<Sample> &list)
{
    StringSink out;
    Writer writer{out};
    for (const Sample &one : list) {
        StringSource bytes{one.bytes};
        writer.add(one.entry, one.bytes.empty() ? nullptr : &bytes);
    }
    writer.finish();
    return out.str();
}

} // namespace mica::tar::test
