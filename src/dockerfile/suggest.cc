#include "dockerfile/suggest.hh"

#include "base/text.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

Error unknown_word(std::string message, std::string_view word, std::span<const std::string> candidates)
{
    auto near = nearest(word, candidates);
    if (!near)
        return Error{ErrorKind::dockerfile, std::move(message)};
    if (word == to_lower(word))
        near = to_lower(*near);
    return Error{ErrorKind::dockerfile, fmt::format("{} (did you mean {}?)", message, *near)};
}

} // namespace mica::dockerfile
