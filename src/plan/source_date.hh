#pragma once
/// @file
/// SOURCE_DATE_EPOCH: a number, or the name of something whose date is taken.
#include "plan/arguments.hh"
#include "plan/planner.hh"

namespace mica::plan {

/// The date of the build, if one is asked for, as build argument or by a global ARG. The
/// argument then holds the number, wherever it was given; it is gone if there is no date.
/// Throws Error (dockerfile) for what is no date.
[[nodiscard]] std::optional<std::int64_t> resolve_source_date(const dockerfile::Program &program,
                                                              PlanOptions &options, GlobalArguments &globals,
                                                              char escape, Resolver &resolver);

} // namespace mica::plan
