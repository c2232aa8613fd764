#pragma once
/// @file
/// One function for each instruction: it changes the stage's config and history and
/// adds its step. All throw Error (dockerfile).
#include "plan/stage_scope.hh"

namespace mica::plan {

/// The instruction of the scope.
void apply(const StageScope &scope);

void apply(const StageScope &scope, const dockerfile::Arg &arg);
void apply(const StageScope &scope, const dockerfile::Env &env);
void apply(const StageScope &scope, const dockerfile::Label &label);
void apply(const StageScope &scope, const dockerfile::Maintainer &maintainer);
void apply(const StageScope &scope, const dockerfile::Copy &copy);
void apply(const StageScope &scope, const dockerfile::Run &run);
void apply(const StageScope &scope, const dockerfile::Cmd &cmd);
void apply(const StageScope &scope, const dockerfile::Entrypoint &entrypoint);
void apply(const StageScope &scope, const dockerfile::Shell &shell);
void apply(const StageScope &scope, const dockerfile::Healthcheck &healthcheck);
void apply(const StageScope &scope, const dockerfile::Expose &expose);
void apply(const StageScope &scope, const dockerfile::Volume &volume);
void apply(const StageScope &scope, const dockerfile::User &user);
void apply(const StageScope &scope, const dockerfile::Workdir &workdir);
void apply(const StageScope &scope, const dockerfile::StopSignal &signal);
void apply(const StageScope &scope, const dockerfile::OnBuild &on_build);
/// Only an ONBUILD of a foreign image can bring one into a stage: refused.
void apply(const StageScope &scope, const dockerfile::From &from);

} // namespace mica::plan
