#include "plan/expansion.hh"
#include "base/error.hh"
#include "dockerfile/expander.hh"

namespace mica::plan {
namespace {

/// What a word that cannot be expanded looked up before its mistake.
dockerfile::Expansion lookups_of(std::string_view word, const dockerfile::Environment &environment,
                                 const dockerfile::ExpandOptions &options)
{
    dockerfile::Expander expander{word, environment, options};
    try {
        (void)expander.run(nullptr);
    } catch (const Error &) {
        return expander.take_lookups();
    }
    return expander.take_lookups();
}

} // namespace

dockerfile::Expansion expand_telling(std::string_view word, const dockerfile::Environment &environment,
                                     const dockerfile::ExpandOptions &options, const TellLookups &tell)
{
    try {
        auto result = dockerfile::expand_word(word, environment, options);
        tell(result);
        return result;
    } catch (const Error &) {
        tell(lookups_of(word, environment, options));
        throw;
    }
}

} // namespace mica::plan
