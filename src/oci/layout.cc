// Several processes in one layout
//
// Blobs need no lock: a blob's name is its content, it appears whole by a rename, and who comes second
// replaces it by the same bytes. index.json is read, changed and replaced, so its writers take turns: they
// hold an exclusive flock on the file oci-layout, which, other than index.json, is never replaced. Readers
// need no lock.
#include "oci/layout.hh"

#include "base/error.hh"
#include "base/json_node.hh"
#include "io/fd.hh"
#include "io/hash.hh"
#include "oci/detail/blob_file.hh"
#include "oci/detail/layout_index.hh"
#include "oci/json.hh"
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace mica::oci {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view empty_index =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";

/// Waits for its turn; the lock ends with the descriptor. Some network file systems have no
/// locks: there index.json is still replaced as a whole, and only an update of two at once can be lost.
void lock(const Fd &file)
{
    while (::flock(file.get(), LOCK_EX) != 0) {
        if (errno == ENOLCK || errno == ENOSYS || errno == EOPNOTSUPP)
            return;
        if (errno != EINTR)
            throw system_error("flock", errno);
    }
}

/// False: the file is not there, or empty (its maker is at work, or died then).
bool has_layout_file(const fs::path &directory)
{
    constexpr std::size_t limit = 4096;
    std::string text;
    try {
        text = read_file(directory / "oci-layout", limit);
    } catch (const Error &error) {
        if (error.kind() != ErrorKind::not_found)
            throw;
    }
    if (text.empty())
        return false;
    const auto json = parse_document(text, limit, "file oci-layout");
    const auto version = JsonNode{json, "the file oci-layout"}.text_of("imageLayoutVersion");
    if (!version.starts_with("1."))
        throw Error{ErrorKind::unsupported,
                    fmt::format("{} is an OCI layout of version \"{}\"; 1.0.0 is known", directory.native(),
                                version)};
    return true;
}

void make_layout(const fs::path &directory)
{
    fs::create_directories(directory / "blobs" / "sha256");
    const Fd file = open_file(directory / "oci-layout", O_RDWR | O_CREAT, 0666);
    lock(file);
    if (has_layout_file(directory))
        return; // somebody was faster
    if (!fs::exists(directory / "index.json"))
        write_file_atomically(directory / "index.json", empty_index);
    write_all(file.get(), as_bytes(layout_version_json));
}

bool is_full_name(const std::string &name)
{
    try {
        return Reference::parse(name).str() == name;
    } catch (const Error &) {
        return false;
    }
}

Descriptor with_names(Descriptor entry, const std::string &ref_name, const std::string &full_name)
{
    entry.annotations.erase(detail::ref_name);
    entry.annotations.erase(detail::full_name);
    if (!ref_name.empty())
        entry.annotations[detail::ref_name] = ref_name;
    if (!full_name.empty())
        entry.annotations[detail::full_name] = full_name;
    return entry;
}

} // namespace

Layout::Layout(fs::path directory) : directory_{std::move(directory)} {}

std::shared_ptr<Layout> Layout::open_or_create(const fs::path &directory)
{
    return in_context([&] { return "OCI layout " + directory.native(); },
                      [&] {
                          if (!has_layout_file(directory))
                              make_layout(directory);
                          return std::shared_ptr<Layout>{new Layout{directory}};
                      });
}

std::shared_ptr<Layout> Layout::open_existing(const fs::path &directory)
{
    if (!has_layout_file(directory))
        throw Error{ErrorKind::not_found,
                    fmt::format("{} is not an OCI layout: it has no file oci-layout", directory.native())};
    return std::shared_ptr<Layout>{new Layout{directory}};
}

fs::path Layout::blob_path(const Digest &digest) const
{
    return directory_ / "blobs" / "sha256" / digest.hex();
}

bool Layout::contains(const Digest &digest) const
{
    struct stat status{};
    return ::stat(blob_path(digest).c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::unique_ptr<BlobWriter> Layout::create()
{
    return std::make_unique<detail::BlobFile>(directory_ / "blobs" / "sha256");
}

std::unique_ptr<Source> Layout::open(const Descriptor &blob, const std::stop_token &) const
{
    const auto path = blob_path(blob.digest);
    Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT)
        throw Error{ErrorKind::not_found,
                    fmt::format("blob {} is not in {}", blob.digest.str(), directory_.native())};
    if (!file)
        throw system_error(path.native(), errno);
    struct stat status{};
    if (::fstat(file.get(), &status) != 0)
        throw system_error(path.native(), errno);
    if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) != blob.size)
        throw Error{ErrorKind::integrity, fmt::format("{} has {} bytes, {} were promised", path.native(),
                                                      status.st_size, blob.size)};
    return std::make_unique<VerifyingSource>(std::make_unique<FdSource>(std::move(file)), blob.digest,
                                             blob.size);
}

StoredBlob Layout::put(std::string_view bytes)
{
    const auto writer = create();
    writer->write(as_bytes(bytes));
    writer->finish();
    return writer->commit();
}

std::vector<Descriptor> Layout::manifests() const
{
    return in_context([&] { return "OCI layout " + directory_.native(); },
                      [&] {
                          const auto text = read_file(directory_ / "index.json", manifest_limit);
                          auto document = parse_manifest(text, media_type_name(MediaType::oci_index));
                          return std::move(std::get<Index>(document).manifests);
                      });
}

void Layout::add(const Descriptor &entry)
{
    in_context([&] { return "OCI layout " + directory_.native(); },
               [&] {
                   const Fd file = open_file(directory_ / "oci-layout", O_RDWR);
                   lock(file);
                   const auto path = directory_ / "index.json";
                   write_file_atomically(path, detail::add_to_index(read_file(path, manifest_limit), entry));
               });
}

void Layout::tag(const Descriptor &manifest, const std::string &name)
{
    add(with_names(manifest, name, is_full_name(name) ? name : ""));
}

void Layout::tag(const Descriptor &manifest, const Reference &name)
{
    add(named_entry(manifest, name));
}

Descriptor named_entry(Descriptor manifest, const Reference &name)
{
    return with_names(std::move(manifest), name.tag().value_or(""), name.str());
}

std::optional<Descriptor> Layout::find(const std::string &name) const
{
    std::optional<Descriptor> found;
    for (auto &entry : manifests()) {
        const auto has = [&](const char *key) {
            const auto at = entry.annotations.find(key);
            return at != entry.annotations.end() && at->second == name;
        };
        if (has(detail::full_name))
            return std::move(entry);
        if (has(detail::ref_name))
            found = std::move(entry);
    }
    return found;
}

} // namespace mica::oci
