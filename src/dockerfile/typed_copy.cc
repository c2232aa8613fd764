#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/heredoc.hh"
#include "dockerfile/typed.hh"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

/// A word with broken quotes opens no heredoc; expanding it will tell what is wrong.
std::optional<Heredoc> heredoc_word(std::string_view word)
try {
    return parse_heredoc_word(word);
} catch (const Error &) {
    return std::nullopt;
}

/// The bodies that the parser read, to be taken one by one.
class Bodies {
public:
    explicit Bodies(std::vector<Heredoc> heredocs) : heredocs_{std::move(heredocs)} {}

    [[nodiscard]] Heredoc take(const std::string &name)
    {
        const auto found = std::find_if(heredocs_.begin(), heredocs_.end(),
                                        [&](const Heredoc &heredoc) { return heredoc.name == name; });
        if (found == heredocs_.end())
            throw Error{ErrorKind::dockerfile, fmt::format("the heredoc {} has no body", name)}.with_hint(
                "a quote elsewhere in the line is not closed");
        auto out = std::move(*found);
        heredocs_.erase(found);
        return out;
    }

private:
    std::vector<Heredoc> heredocs_;
};

void take_sources(const Node &node, Copy &copy)
{
    const auto &words = node.arguments;
    const auto name = to_upper(node.keyword);
    if (words.size() < 2)
        throw Error{ErrorKind::dockerfile,
                    fmt::format("{} requires at least two arguments, but only {} was provided. "
                                "Destination could not be determined",
                                name, words.empty() ? "none" : "one")}
            .with_hint(fmt::format("write {} SOURCE... DESTINATION", name));
    copy.destination = words.back();
    if (heredoc_word(copy.destination))
        throw Error{ErrorKind::dockerfile, fmt::format("{} cannot accept a heredoc as a destination", name)};
    Bodies bodies{node.heredocs};
    for (auto word = words.begin(); word != words.end() - 1; ++word) {
        const auto heredoc = node.json ? std::nullopt : heredoc_word(*word);
        if (heredoc)
            copy.inline_files.push_back(bodies.take(heredoc->name));
        else
            copy.sources.push_back(*word);
    }
}

/// What COPY and ADD have in common.
Copy common(const Node &node, const Flags &flags)
{
    Copy out;
    out.chown = flags.text("chown").value_or("");
    out.chmod = flags.text("chmod").value_or("");
    out.link = flags.boolean("link").value_or(false);
    out.excludes = flags.texts("exclude");
    take_sources(node, out);
    return out;
}

} // namespace

Copy typed_copy(const Node &node)
{
    const auto flags = Flags::parse(node.flags, {{"chown", FlagKind::text},
                                                 {"from", FlagKind::text},
                                                 {"chmod", FlagKind::text},
                                                 {"link", FlagKind::boolean},
                                                 {"exclude", FlagKind::texts},
                                                 {"parents", FlagKind::boolean}});
    auto out = common(node, flags);
    out.from = flags.text("from").value_or("");
    out.parents = flags.boolean("parents").value_or(false);
    return out;
}

Copy typed_add(const Node &node)
{
    const auto flags = Flags::parse(node.flags, {{"chown", FlagKind::text},
                                                 {"chmod", FlagKind::text},
                                                 {"link", FlagKind::boolean},
                                                 {"keep-git-dir", FlagKind::boolean},
                                                 {"checksum", FlagKind::text},
                                                 {"unpack", FlagKind::boolean},
                                                 {"exclude", FlagKind::texts}});
    auto out = common(node, flags);
    out.is_add = true;
    out.keep_git_dir = flags.boolean("keep-git-dir");
    out.checksum = flags.text("checksum").value_or("");
    out.unpack = flags.boolean("unpack");
    return out;
}

} // namespace mica::dockerfile
