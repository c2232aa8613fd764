#include "layer/change.hh"

#include "base/stop.hh"
#include <algorithm>

namespace mica::layer {

void ChangeList::visit(const ChangeVisitor &visitor, const std::stop_token &stop)
{
    for (const Change &change : changes_) {
        throw_if_stopped(stop);
        visitor(change);
    }
}

// The slash counts as the smallest of all characters: then comparing the whole
// text is comparing component by component, and a directory's content stands
// right behind the directory.
bool path_less(std::string_view a, std::string_view b)
{
    const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (in_a == a.end() || in_b == b.end())
        return in_a == a.end() && in_b != b.end();
    if (*in_a == '/' || *in_b == '/')
        return *in_a == '/';
    return static_cast<unsigned char>(*in_a) < static_cast<unsigned char>(*in_b);
}

} // namespace mica::layer
