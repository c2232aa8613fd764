#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/duration.hh"
#include "dockerfile/typed.hh"
#include <charconv>
#include <fmt/format.h>

namespace mica::dockerfile {

namespace {

/// Zero, which means the default, or at least a millisecond.
std::int64_t interval(const Flags &flags, std::string_view name)
{
    constexpr std::int64_t millisecond = 1'000'000;
    const auto text = flags.text(name).value_or("");
    if (text.empty())
        return 0;
    const auto value =
        in_context([&] { return fmt::format("--{}", name); }, [&] { return parse_duration(text); });
    if (value != 0 && value < millisecond)
        throw Error{ErrorKind::dockerfile, fmt::format("--{} cannot be less than 1ms", name)};
    return value;
}

int retries(const Flags &flags)
{
    const auto given = flags.text("retries").value_or("");
    auto text = std::string_view{given};
    if (text.empty())
        return 0;
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Error{ErrorKind::dockerfile, fmt::format("--retries must be a number, not \"{}\"", text)};
    if (value < 0)
        throw Error{ErrorKind::dockerfile, fmt::format("--retries cannot be negative ({})", value)};
    return value;
}

std::vector<std::string> test(const Node &node)
{
    const auto type = to_upper(node.arguments.front());
    const bool bare = node.arguments.size() == 1;
    if (type == "NONE") {
        if (!bare)
            throw Error{ErrorKind::dockerfile, "HEALTHCHECK NONE takes no arguments"};
        return {type};
    }
    if (type != "CMD")
        throw Error{ErrorKind::dockerfile, fmt::format("Unknown type \"{}\" in HEALTHCHECK (try CMD)", type)};
    if (bare)
        throw Error{ErrorKind::dockerfile, "Missing command after HEALTHCHECK CMD"};
    auto out = node.arguments;
    out.front() = node.json ? "CMD" : "CMD-SHELL";
    return out;
}

} // namespace

Healthcheck typed_healthcheck(const Node &node)
{
    need_arguments(node);
    const auto flags = Flags::parse(node.flags, {{"interval", FlagKind::text},
                                                 {"timeout", FlagKind::text},
                                                 {"start-period", FlagKind::text},
                                                 {"start-interval", FlagKind::text},
                                                 {"retries", FlagKind::text}});
    Healthcheck out;
    out.test = test(node);
    out.interval = interval(flags, "interval");
    out.timeout = interval(flags, "timeout");
    out.start_period = interval(flags, "start-period");
    out.start_interval = interval(flags, "start-interval");
    out.retries = retries(flags);
    if (out.test.front() == "NONE")
        return {.test = std::move(out.test)}; // times of no check mean nothing
    return out;
}

} // namespace mica::dockerfile
