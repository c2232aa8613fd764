#pragma once
/// @file
/// Checks of FROM's variables and platform.
#include "dockerfile/words.hh"
#include "oci/model.hh"
#include "plan/arguments.hh"
#include "plan/checks/reporter.hh"

namespace mica::plan {

/// Variables in FROM that no ARG above declares.
void check_from_variables(const dockerfile::Expansion &expansion, const GlobalArguments &globals,
                          const SourceSpan &where, const Reporter &reporter);
/// A --platform that says nothing (`$TARGETPLATFORM`) or too much (a constant).
void check_from_platform(const dockerfile::From &from, const dockerfile::Expansion &expansion,
                         const GlobalArguments &globals, const SourceSpan &where, const Reporter &reporter);
/// An image that came for another platform than asked.
void check_image_platform(const std::string &name, const oci::Platform &asked, const oci::Platform &got,
                          const SourceSpan &where, const Reporter &reporter);

} // namespace mica::plan
