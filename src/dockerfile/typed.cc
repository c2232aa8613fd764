#include "dockerfile/typed.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/suggest.hh"
#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace mica::dockerfile {

namespace {

std::vector<KeyValue> key_values(const Node &node)
{
    refuse_flags(node);
    need_arguments(node);
    std::vector<KeyValue> out;
    for (std::size_t i = 0; i + 2 < node.arguments.size(); i += 3) {
        const auto &key = node.arguments[i];
        if (key.empty())
            throw Error{ErrorKind::dockerfile,
                        fmt::format("{} names can not be blank", to_upper(node.keyword))};
        out.push_back({key, node.arguments[i + 1], node.arguments[i + 2].empty()});
    }
    return out;
}

std::string single(const Node &node)
{
    refuse_flags(node);
    return only_argument(node);
}

} // namespace

void need_arguments(const Node &node)
{
    if (node.arguments.empty())
        throw Error{ErrorKind::dockerfile,
                    fmt::format("{} requires at least one argument", to_upper(node.keyword))};
}

const std::string &only_argument(const Node &node)
{
    if (node.arguments.size() != 1)
        throw Error{ErrorKind::dockerfile,
                    fmt::format("{} requires exactly one argument", to_upper(node.keyword))};
    return node.arguments.front();
}

void refuse_flags(const Node &node)
{
    if (!node.flags.empty())
        throw Error{
            ErrorKind::dockerfile,
            fmt::format("unknown flag: {}", node.flags.front().substr(0, node.flags.front().find('=')))}
            .with_hint(fmt::format("{} takes no flags", to_upper(node.keyword)));
}

Arg typed_arg(const Node &node)
{
    need_arguments(node);
    refuse_flags(node);
    Arg out;
    for (const auto &word : node.arguments) {
        const auto equals = word.find('=');
        if (equals == 0)
            throw Error{ErrorKind::dockerfile, "ARG names can not be blank"};
        Arg::Item item;
        item.name = word.substr(0, equals);
        if (equals != std::string::npos)
            item.value = word.substr(equals + 1);
        item.comment = doc_comment(node.comments, item.name);
        out.items.push_back(std::move(item));
    }
    return out;
}

Env typed_env(const Node &node)
{
    return {key_values(node)};
}

Label typed_label(const Node &node)
{
    return {key_values(node)};
}

Maintainer typed_maintainer(const Node &node)
{
    return {single(node)};
}

User typed_user(const Node &node)
{
    return {single(node)};
}

Workdir typed_workdir(const Node &node)
{
    return {single(node)};
}

StopSignal typed_stopsignal(const Node &node)
{
    return {single(node)};
}

Expose typed_expose(const Node &node)
{
    refuse_flags(node);
    need_arguments(node);
    auto ports = node.arguments;
    std::sort(ports.begin(), ports.end()); // history shows them in this order
    return {std::move(ports)};
}

Volume typed_volume(const Node &node)
{
    refuse_flags(node);
    need_arguments(node);
    Volume out;
    for (const auto &path : node.arguments) {
        const auto trimmed = trim_spaces(path);
        if (trimmed.empty())
            throw Error{ErrorKind::dockerfile, "VOLUME specified can not be an empty string"};
        out.paths.emplace_back(trimmed);
    }
    return out;
}

OnBuild typed_onbuild(const Node &node)
{
    refuse_flags(node);
    if (!node.nested)
        throw Error{ErrorKind::dockerfile, "ONBUILD requires at least one argument"};
    const auto trigger = to_upper(node.nested->keyword);
    if (trigger == "ONBUILD")
        throw Error{ErrorKind::dockerfile, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"};
    if (trigger == "MAINTAINER" || trigger == "FROM")
        throw Error{ErrorKind::dockerfile, fmt::format("{} isn't allowed as an ONBUILD trigger", trigger)};
    const auto source = trim_spaces_left(trim_spaces_left(node.original).substr(node.keyword.size()));
    OnBuild out{std::string{source}};
    for (const auto &heredoc : node.heredocs)
        out.text += '\n' + heredoc.raw + heredoc.name;
    return out;
}

} // namespace mica::dockerfile
