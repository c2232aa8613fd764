#include "layer/layer_index.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "io/hash.hh"
#include "layer/index_codec.hh"
#include "tar/path.hh"
#include <algorithm>
#include <limits>

namespace mica::layer {

namespace {

constexpr std::string_view magic = "mica-layer-index 2\n";
constexpr std::uint64_t most_kept_bytes = 1 << 20;

std::string_view as_text(const Digest &digest)
{
    return {reinterpret_cast<const char *>(digest.bytes().data()), Digest::size};
}

/// The first byte of a record: what kind of change, what type of file, xattrs or none, bytes or none.
constexpr unsigned remove_code = 7, opaque_code = 8, with_xattrs = 16, with_bytes = 32;

bool is_device(tar::FileType type)
{
    return type == tar::FileType::char_device || type == tar::FileType::block_device;
}

bool is_link(tar::FileType type)
{
    return type == tar::FileType::symlink || type == tar::FileType::hardlink;
}

unsigned code_of(const Change &change)
{
    if (change.kind == Change::Kind::remove)
        return remove_code;
    if (change.kind == Change::Kind::opaque)
        return opaque_code;
    return static_cast<unsigned>(change.entry.type) | (change.entry.xattrs.empty() ? 0U : with_xattrs);
}

void put_metadata(std::string &out, const tar::Entry &entry)
{
    put_number(out, entry.mode);
    put_number(out, entry.uid);
    put_number(out, entry.gid);
    // Layers have whole seconds as a rule, so these are apart.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(entry.mtime);
    put_signed(out, seconds.time_since_epoch().count());
    put_number(out, static_cast<std::uint64_t>((entry.mtime - seconds).count()));
    if (entry.type == tar::FileType::regular)
        put_number(out, entry.size);
    if (is_link(entry.type))
        put_text(out, entry.link_target);
    if (is_device(entry.type)) {
        put_number(out, entry.device_major);
        put_number(out, entry.device_minor);
    }
    if (entry.xattrs.empty())
        return;
    put_number(out, entry.xattrs.size());
    for (const auto &[name, value] : entry.xattrs) {
        put_text(out, name);
        put_text(out, value);
    }
}

Time read_time(IndexCursor &in)
{
    const std::int64_t seconds = in.signed_number();
    const std::uint32_t fraction = in.small_number();
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
    if (seconds > limit || seconds < -limit || fraction >= 1'000'000'000)
        throw_broken_index("a time is out of range");
    return from_unix(seconds) + std::chrono::nanoseconds{fraction};
}

void read_metadata(IndexCursor &in, tar::Entry &entry, bool has_xattrs)
{
    entry.mode = in.small_number();
    entry.uid = in.small_number();
    entry.gid = in.small_number();
    entry.mtime = read_time(in);
    if (entry.type == tar::FileType::regular)
        entry.size = in.number();
    if (is_link(entry.type))
        entry.link_target = in.text();
    if (is_device(entry.type)) {
        entry.device_major = in.small_number();
        entry.device_minor = in.small_number();
    }
    if (entry.mode > 07777U ||
        (entry.type == tar::FileType::hardlink && !tar::is_clean_path(entry.link_target)))
        throw_broken_index("an entry cannot be in a layer");
    if (!has_xattrs)
        return;
    for (std::uint64_t left = in.number(); left > 0; --left) {
        const auto name = in.text();
        entry.xattrs.insert_or_assign(std::string{name}, std::string{in.text()});
    }
}

/// The next record's code; `last_path` becomes its path.
unsigned read_head(IndexCursor &in, std::string &last_path)
{
    const unsigned code = in.small_number();
    const std::uint64_t kept = in.number();
    if (kept > last_path.size())
        throw_broken_index("a path continues one that is shorter");
    last_path.resize(kept);
    last_path += in.text();
    return code;
}

Change::Kind kind_of(unsigned code)
{
    return code == remove_code   ? Change::Kind::remove
           : code == opaque_code ? Change::Kind::opaque
                                 : Change::Kind::upsert;
}

tar::FileType type_of(unsigned code)
{
    const unsigned type = code & ~(with_xattrs | with_bytes);
    if (type > static_cast<unsigned>(tar::FileType::block_device))
        throw_broken_index("an entry is of an unknown kind");
    return static_cast<tar::FileType>(type);
}

/// What follows the path of a record that nobody wants.
void skip_rest(IndexCursor &in, unsigned code)
{
    if (kind_of(code) != Change::Kind::upsert)
        return;
    const auto type = type_of(code);
    constexpr int always = 5; // mode, uid, gid and the two parts of the time
    const int numbers = always + (type == tar::FileType::regular ? 1 : 0) + (is_device(type) ? 2 : 0);
    for (int i = 0; i < numbers; ++i)
        in.skip_number();
    if (is_link(type))
        (void)in.text();
    if ((code & with_xattrs) != 0)
        for (std::uint64_t texts = 2 * in.number(); texts > 0; --texts)
            (void)in.text();
    if ((code & with_bytes) != 0)
        (void)in.text();
}

Change read_rest(IndexCursor &in, unsigned code, const std::string &path)
{
    if (!tar::is_clean_path(path))
        throw_broken_index("a path is not clean");
    Change change{kind_of(code), {}, nullptr};
    change.entry.path = path;
    if (change.kind != Change::Kind::upsert)
        return change;
    change.entry.type = type_of(code);
    read_metadata(in, change.entry, (code & with_xattrs) != 0);
    if ((code & with_bytes) != 0 && !is_kept_in_index(change.entry))
        throw_broken_index("it has the bytes of a file that it must not have");
    if ((code & with_bytes) != 0)
        change.content = std::make_shared<StringContent>(std::string{in.text()});
    return change;
}

/// The records, once magic, checksum and layer are known to be right.
std::string_view checked_records(std::string_view bytes, const Digest &diff_id)
{
    if (!bytes.starts_with(magic))
        throw_broken_index("it is no index, or one of another version");
    if (bytes.size() < magic.size() + 2 * Digest::size)
        throw_broken_index("it is cut short");
    const auto covered = bytes.substr(0, bytes.size() - Digest::size);
    if (bytes.substr(covered.size()) != as_text(sha256(covered)))
        throw_broken_index("its checksum is wrong");
    if (covered.substr(magic.size(), Digest::size) != as_text(diff_id))
        throw_broken_index("it belongs to another layer");
    return covered.substr(magic.size() + Digest::size);
}

} // namespace

IndexWriter::IndexWriter(const Digest &diff_id) : bytes_{magic}
{
    bytes_ += as_text(diff_id);
}

bool is_kept_in_index(const tar::Entry &entry)
{
    return entry.type == tar::FileType::regular && entry.size <= most_kept_bytes &&
           (entry.path == "etc/passwd" || entry.path == "etc/group");
}

void IndexWriter::add(const Change &change, std::optional<std::string_view> bytes)
{
    const tar::Entry &entry = change.entry;
    put_number(bytes_, code_of(change) | (bytes ? with_bytes : 0U));
    const auto same =
        std::mismatch(entry.path.begin(), entry.path.end(), last_path_.begin(), last_path_.end()).first;
    const auto kept = static_cast<std::size_t>(same - entry.path.begin());
    put_number(bytes_, kept);
    put_text(bytes_, std::string_view{entry.path}.substr(kept));
    last_path_ = entry.path;
    if (change.kind == Change::Kind::upsert)
        put_metadata(bytes_, entry);
    if (bytes)
        put_text(bytes_, *bytes);
}

std::string IndexWriter::finish()
{
    bytes_ += as_text(sha256(bytes_));
    return std::move(bytes_);
}

std::string write_index(const Digest &diff_id, ChangeSource &changes, const std::stop_token &stop)
{
    IndexWriter writer{diff_id};
    changes.visit([&](const Change &change) { writer.add(change); }, stop);
    return writer.finish();
}

void check_index(std::string_view bytes, const Digest &diff_id)
{
    (void)checked_records(bytes, diff_id);
}

void read_index(std::string_view bytes, const Digest &diff_id, const ChangeVisitor &visitor)
{
    IndexCursor in{checked_records(bytes, diff_id)};
    std::string path;
    while (!in.at_end()) {
        const auto code = read_head(in, path);
        visitor(read_rest(in, code, path));
    }
}

void read_index(std::string_view bytes, const Digest &diff_id, const RecordFilter &wanted,
                const ChangeVisitor &visitor)
{
    IndexCursor in{checked_records(bytes, diff_id)};
    std::string path;
    while (!in.at_end()) {
        const auto code = read_head(in, path);
        if (wanted(kind_of(code), path))
            visitor(read_rest(in, code, path));
        else
            skip_rest(in, code);
    }
}

void IndexedChanges::visit(const ChangeVisitor &visitor, const std::stop_token &stop)
{
    const auto visit = [&](const Change &change) {
        throw_if_stopped(stop);
        visitor(change);
    };
    read_index(bytes_, diff_id_, visit);
}

} // namespace mica::layer
