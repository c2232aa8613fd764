#include "plan/apply.hh"

namespace mica::plan {

void apply(const StageScope &scope)
{
    at_span(scope.where(), [&] {
        std::visit([&](const auto &body) { apply(scope, body); }, scope.command.instruction.body);
    });
}

void apply(const StageScope &, const dockerfile::From &)
{
    throw Error{ErrorKind::dockerfile, "FROM isn't allowed as an ONBUILD trigger"}.with_hint(
        "the base image carries this ONBUILD; it has to be built again without it");
}

} // namespace mica::plan
