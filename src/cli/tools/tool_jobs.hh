#pragma once
/// @file
/// What the tools do, one function a command. Each throws Error, Cancelled; results for programs go to
/// standard output.
#include "base/event.hh"
#include "cli/environment.hh"
#include "cli/tools/tools.hh"
#include <stop_token>

namespace mica::cli {

struct ToolJob {
    const ToolOptions &options;
    const Environment &environment;
    EventBus &bus;
    const std::stop_token &stop;
};

void run_push(const ToolJob &job);
void run_pull(const ToolJob &job);
void run_copy(const ToolJob &job);
void run_tag(const ToolJob &job);
void run_index_create(const ToolJob &job);
void run_inspect(const ToolJob &job);
void run_login(const ToolJob &job);
void run_logout(const ToolJob &job);

} // namespace mica::cli
