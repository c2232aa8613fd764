#include "cli/build_source.hh"

#include "base/error.hh"
#include "cli/dockerfile_source.hh"
#include "cli/object_source.hh"
#include "context/archive.hh"
#include "context/git_fetch.hh"
#include "context/http_fetch.hh"
#include "context/ignore_file.hh"
#include "context/path_text.hh"
#include "context/remote_source.hh"
#include "context/subtree.hh"
#include "context/url_text.hh"
#include "io/fd.hh"
#include "io/spool.hh"
#include "tar/archive_stream.hh"
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>
#include <variant>

namespace mica::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view tar_scheme = "tar://";

/// A context that is no directory of the host: its files, or the Dockerfile that came in their place.
struct Opened {
    std::shared_ptr<const context::Context> files;
    std::optional<std::string> dockerfile;
    std::optional<Time> date;
    std::optional<exec::ResolvedInput> origin{};
};

context::DownloadProgress progress_of(Task &task)
{
    return [&task](std::uint64_t done, std::uint64_t total) { task.progress(done, total); };
}

/// A file of the host, as content.
class HostFile final : public Content {
public:
    explicit HostFile(fs::path path) : path_{std::move(path)} {}
    [[nodiscard]] std::unique_ptr<Source> open() const override
    {
        return std::make_unique<FdSource>(open_file(path_, O_RDONLY));
    }

private:
    fs::path path_;
};

class SourceOpener {
public:
    SourceOpener(const SourceOptions &options, const context::FetchAccess &access, EventBus &bus,
                 const std::stop_token &stop)
        : options_{options}, access_{access}, bus_{bus}, stop_{stop}
    {
    }
    BuildSource open();

private:
    BuildSource from_directory();
    BuildSource from_opened(Opened opened);
    [[nodiscard]] Opened open_elsewhere();
    [[nodiscard]] Opened archive_or_dockerfile(const ContentPtr &content, const std::string &name,
                                               std::optional<Time> date) const;
    BuildSource with_host_dockerfile(Opened opened);
    [[nodiscard]] Opened fetch_git(context::GitSource source, Task &task) const;
    [[nodiscard]] Opened fetch_file(context::HttpSource source, const std::string &shown, Task &task) const;
    [[nodiscard]] Opened fetch(const context::RemoteSource &remote) const;
    [[nodiscard]] Opened fetch_object() const;
    [[nodiscard]] std::string download_dockerfile(const std::string &url) const;
    [[nodiscard]] bool dockerfile_is_remote() const
    {
        return options_.file && context::is_url(*options_.file);
    }
    [[nodiscard]] bool dockerfile_is_on_host() const
    {
        std::error_code code;
        return options_.details.dockerfile_of_host && options_.file && fs::exists(*options_.file, code);
    }

    const SourceOptions &options_;
    const context::FetchAccess &access_;
    EventBus &bus_;
    const std::stop_token &stop_;
};

BuildSource SourceOpener::open()
{
    const auto &context = options_.context;
    std::error_code code;
    const bool elsewhere = context == "-" || context.starts_with(tar_scheme) || is_object(context) ||
                           options_.details.repository ||
                           (!fs::is_directory(context, code) && context::parse_remote_context(context));
    if (!elsewhere)
        return from_directory();
    if (context == "-" && options_.file == "-")
        throw Error{ErrorKind::usage, "standard input cannot be both the context and the Dockerfile"};
    return from_opened(open_elsewhere());
}

BuildSource SourceOpener::from_directory()
{
    check_context(options_.context);
    DockerfileSource source;
    if (options_.dockerfile_text)
        source = {*options_.dockerfile_text, "Dockerfile",
                  context::find_ignore_file(fs::path{options_.context}, options_.file)};
    else if (dockerfile_is_remote())
        source = {download_dockerfile(*options_.file), "Dockerfile",
                  context::find_ignore_file(fs::path{options_.context}, std::nullopt)};
    else
        source = read_dockerfile(options_.context, options_.file);
    BuildSource result;
    result.context = context::open_directory(options_.context, context::IgnoreList{source.ignore.patterns});
    result.ignore_patterns = std::move(source.ignore.patterns);
    result.dockerfile_text = std::move(source.text);
    result.dockerfile_name = std::move(source.name);
    return result;
}

BuildSource SourceOpener::from_opened(Opened opened)
{
    if (!options_.details.subdirectory.empty())
        opened.files = context::subtree(std::move(opened.files), options_.details.subdirectory);
    BuildSource result;
    result.date = opened.date;
    result.origin = std::move(opened.origin);
    result.dockerfile_name = "Dockerfile";
    std::optional<std::string> path;
    if (options_.dockerfile_text) {
        result.dockerfile_text = *options_.dockerfile_text;
        path = context::rooted_path(options_.file.value_or("Dockerfile"));
    } else if (options_.file == "-") {
        result.dockerfile_text = read_dockerfile_on_stdin();
    } else if (dockerfile_is_remote()) {
        result.dockerfile_text = download_dockerfile(*options_.file);
    } else if (dockerfile_is_on_host()) {
        return with_host_dockerfile(std::move(opened));
    } else if (opened.dockerfile) {
        if (options_.file)
            throw Error{ErrorKind::usage, "the context is a Dockerfile itself, so --file can name no other"};
        result.dockerfile_text = std::move(*opened.dockerfile);
    } else {
        path = context::rooted_path(options_.file.value_or("Dockerfile"));
        auto text = context::read_text(*opened.files, *path, longest_dockerfile);
        if (!text)
            throw Error{ErrorKind::not_found, fmt::format("the context has no file \"{}\"", *path)}.with_hint(
                "--file names the Dockerfile by its path in the context");
        result.dockerfile_text = std::move(*text);
        result.dockerfile_name = *path;
    }
    auto ignore = context::find_ignore_file(*opened.files, path);
    result.context = context::filtered(std::move(opened.files), context::IgnoreList{ignore.patterns});
    result.ignore_patterns = std::move(ignore.patterns);
    return result;
}

BuildSource SourceOpener::with_host_dockerfile(Opened opened)
{
    const fs::path path{*options_.file};
    auto own = path;
    own += ".dockerignore";
    auto ignore = fs::exists(own) ? context::find_ignore_file(path.parent_path(), path)
                                  : context::find_ignore_file(*opened.files, std::nullopt);
    BuildSource result;
    result.date = opened.date;
    result.origin = std::move(opened.origin);
    result.context = context::filtered(std::move(opened.files), context::IgnoreList{ignore.patterns});
    result.ignore_patterns = std::move(ignore.patterns);
    result.dockerfile_text = read_file(path, longest_dockerfile);
    result.dockerfile_name = path.lexically_normal().string();
    return result;
}

Opened SourceOpener::open_elsewhere()
{
    const auto &name = options_.context;
    if (name == "-") {
        FdSource input{duplicate_of_stdin()};
        Spool spool{access_.scratch};
        return archive_or_dockerfile(spool.append(input, stop_), "standard input", std::nullopt);
    }
    if (name.starts_with(tar_scheme)) {
        const auto path = name.substr(tar_scheme.size());
        const HostFile file{path};
        auto tree = context::open_archive(file, path, access_.scratch, stop_);
        return {std::move(tree.files), std::nullopt, std::nullopt, {}};
    }
    if (options_.details.repository)
        return fetch(*options_.details.repository);
    return is_object(name) ? fetch_object() : fetch(*context::parse_remote_context(name));
}

Opened SourceOpener::archive_or_dockerfile(const ContentPtr &content, const std::string &name,
                                           std::optional<Time> date) const
{
    if (!tar::is_tar_archive(*content))
        return {context::empty_context(name), read_all(*content->open(), longest_dockerfile), date, {}};
    auto tree = context::open_archive(*content, name, access_.scratch, stop_);
    return {std::move(tree.files), std::nullopt, date ? date : tree.newest, {}};
}

Opened SourceOpener::fetch(const context::RemoteSource &remote) const
{
    const auto shown = context::without_login(options_.context);
    Task task{bus_, {}, TaskKind::pull, "fetch the context " + shown};
    return in_context([&] { return "fetch the context " + shown; },
                      [&] {
                          if (const auto *git = std::get_if<context::GitSource>(&remote))
                              return fetch_git(*git, task);
                          return fetch_file(std::get<context::HttpSource>(remote), shown, task);
                      });
}

/// The query of an address may be what proves who asks.
Opened SourceOpener::fetch_object() const
{
    const auto shown = std::string{context::split_url(options_.context).without_query};
    Task task{bus_, {}, TaskKind::pull, "fetch the context " + shown};
    return in_context(
        [&] { return "fetch the context " + shown; },
        [&] {
            const auto requests = object_requests(options_.context, access_, stop_);
            const auto file = context::download(*requests, access_, progress_of(task), stop_);
            const auto digest = file.digest.str();
            if (!options_.pin.empty() && digest != options_.pin)
                throw Error{ErrorKind::integrity,
                            fmt::format("the file has {}, but {} was expected", digest, options_.pin)};
            auto opened = archive_or_dockerfile(file.content, shown, file.last_modified);
            opened.origin = exec::ResolvedInput{exec::ResolvedInput::Kind::file, shown, {}, digest};
            return opened;
        });
}

Opened SourceOpener::fetch_git(context::GitSource source, Task &task) const
{
    source.mtime_of_commit = source.mtime_of_commit || options_.mtime_of_commit;
    if (!source.keep_git_dir)
        source.keep_git_dir = options_.keep_git_dir;
    source.pinned = options_.pin;
    auto tree = context::fetch_git(source, access_, stop_);
    task.finish(TaskResult::done, "commit " + tree.commit);
    return {std::move(tree.files), std::nullopt, tree.commit_time,
            exec::ResolvedInput{exec::ResolvedInput::Kind::commit, options_.context, {}, tree.commit}};
}

Opened SourceOpener::fetch_file(context::HttpSource source, const std::string &shown, Task &task) const
{
    source.checksum = options_.pin;
    const auto file = context::download(source, access_, progress_of(task), stop_);
    auto opened = archive_or_dockerfile(file.content, shown, file.last_modified);
    opened.origin =
        exec::ResolvedInput{exec::ResolvedInput::Kind::file, options_.context, {}, file.digest.str()};
    return opened;
}

std::string SourceOpener::download_dockerfile(const std::string &url) const
{
    const Task task{bus_, {}, TaskKind::pull, "fetch the Dockerfile"};
    return in_context([] { return std::string{"fetch the Dockerfile"}; },
                      [&] {
                          const auto file = context::download({.url = url}, access_, {}, stop_);
                          return read_all(*file.content->open(), longest_dockerfile);
                      });
}

} // namespace

BuildSource open_build_source(const SourceOptions &options, const context::FetchAccess &access, EventBus &bus,
                              const std::stop_token &stop)
{
    return SourceOpener{options, access, bus, stop}.open();
}

} // namespace mica::cli
