#include "sandbox/layer_directory.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "sandbox/wire.hh"
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::sandbox {

LayerDirectory::LayerDirectory(std::filesystem::path path, OverlayForm form, FileRecords *records)
    : path_{std::move(path)}, form_{form}, records_{records},
      directory_{open_file(path_, O_RDONLY | O_DIRECTORY)}
{
}

LayerNotes LayerDirectory::extract(const std::string &name, std::unique_ptr<Source> tar,
                                   layer::IndexWriter *index)
{
    const std::string part = name + ".part";
    os::remove_tree(directory_.get(), part);
    const Fd place = os::make_directory(directory_.get(), part, 0755);
    const Fd root = os::make_directory(place.get(), "fs", 0755);
    auto notes = extract_layer(std::move(tar), root.get(), form_, index, {}, records_);
    notes.boot_id = current_boot();
    const Fd file{
        os::check(::openat(place.get(), "notes", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), "notes")};
    write_all(file.get(), as_bytes(encode(notes)));
    return notes;
}

void LayerDirectory::keep(const std::string &name)
{
    os::remove_tree(directory_.get(), name);
    const std::string part = name + ".part";
    os::check(::renameat(directory_.get(), part.c_str(), directory_.get(), name.c_str()),
              [&] { return fmt::format("name the extracted layer {}", name); });
}

void LayerDirectory::discard(const std::string &name)
{
    os::remove_tree(directory_.get(), name + ".part");
}

StackLayer LayerDirectory::open(const std::string &name) const
{
    const auto path = path_ / name / "fs";
    return {path.native(), open_file(path, O_RDONLY | O_DIRECTORY),
            decode<LayerNotes>(read_file(notes_file(path_, name)))};
}

std::string current_boot()
{
    try {
        return std::string{trim(read_file("/proc/sys/kernel/random/boot_id", 128))};
    } catch (const Error &) {
        return {};
    }
}

} // namespace mica::sandbox
