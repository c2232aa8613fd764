#include "ui/names.hh"

namespace mica::ui {

std::string_view name_of(TaskKind kind)
{
    switch (kind) {
    case TaskKind::build:
        return "build";
    case TaskKind::stage:
        return "stage";
    case TaskKind::step:
        return "step";
    case TaskKind::pull:
        return "pull";
    case TaskKind::extract:
        return "extract";
    case TaskKind::run:
        return "run";
    case TaskKind::snapshot:
        return "snapshot";
    case TaskKind::compress:
        return "compress";
    case TaskKind::push:
        return "push";
    case TaskKind::cache_lookup:
        return "cache_lookup";
    }
    return "task";
}

std::string_view name_of(TaskResult result)
{
    switch (result) {
    case TaskResult::done:
        return "done";
    case TaskResult::cached:
        return "cached";
    case TaskResult::skipped:
        return "skipped";
    case TaskResult::failed:
        return "failed";
    case TaskResult::cancelled:
        return "cancelled";
    }
    return "done";
}

std::string_view name_of(event::Note::Level level)
{
    switch (level) {
    case event::Note::Level::debug:
        return "debug";
    case event::Note::Level::info:
        return "info";
    case event::Note::Level::warning:
        return "warning";
    }
    return "info";
}

std::string_view name_of(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::usage:
        return "usage";
    case ErrorKind::dockerfile:
        return "dockerfile";
    case ErrorKind::not_found:
        return "not_found";
    case ErrorKind::denied:
        return "denied";
    case ErrorKind::network:
        return "network";
    case ErrorKind::integrity:
        return "integrity";
    case ErrorKind::io:
        return "io";
    case ErrorKind::command_failed:
        return "command_failed";
    case ErrorKind::unsupported:
        return "unsupported";
    case ErrorKind::internal:
        return "internal";
    }
    return "internal";
}

} // namespace mica::ui
