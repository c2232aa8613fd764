#include "sandbox/merged_directories.hh"

#include "os/check.hh"
#include "os/directory.hh"
#include "sandbox/entry_writer.hh"
#include "sandbox/merged_extractor.hh"
#include <fcntl.h>
#include <sys/stat.h>

namespace mica::sandbox {

MergedDirectories::MergedDirectories(std::filesystem::path path, bool in_user_namespace, FileRecords *records)
    : path_{std::move(path)}, in_user_namespace_{in_user_namespace}, records_{records},
      all_{open_file(path_, O_RDONLY | O_DIRECTORY)}
{
}

std::uint64_t MergedDirectories::apply(const std::string &name, std::unique_ptr<Source> tar,
                                       layer::IndexWriter *index)
{
    return apply_layer(std::move(tar), open(name).get(), in_user_namespace_, index, {}, records_);
}

void MergedDirectories::remove(const std::string &name)
{
    os::remove_tree(all_.get(), name);
}

std::filesystem::path MergedDirectories::directory(const std::string &name)
{
    (void)open(name);
    return path_ / name;
}

Fd MergedDirectories::open(const std::string &name)
{
    const bool is_new = !status_of(all_.get(), name);
    Fd directory = os::make_directory(all_.get(), name, 0755);
    if (is_new)
        set_times({all_.get(), name}, Time{});
    return directory;
}

} // namespace mica::sandbox
