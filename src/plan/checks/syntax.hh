#pragma once
/// @file
/// Checks of how a Dockerfile is written: they look at the tree and at the
/// instructions alone, before any variable has a value.
#include "dockerfile/instruction.hh"
#include "plan/arguments.hh"
#include "plan/checks/reporter.hh"

namespace mica::plan {

/// Instruction by instruction, up to the first that cannot be parsed (whose error is
/// left to whoever parses the file).
void check_syntax(const dockerfile::Ast &ast, const Reporter &reporter);
/// Names of stages that are reserved or used twice.
void check_stage_names(const dockerfile::Program &program, const Reporter &reporter);
/// Instructions not in the case of the majority.
void check_casing(const dockerfile::Program &program, const Reporter &reporter);
/// Bases whose name makes no sense when no build argument is given.
void check_default_bases(const dockerfile::Program &program, const dockerfile::EnvList &automatic,
                         char escape, const Reporter &reporter);

} // namespace mica::plan
