#pragma once
/// @file
/// Owning handles for C libraries: one alias per C type, never a bare pointer.
#include <memory>

namespace mica {

template <auto release> struct Releaser {
    template <class T> void operator()(T *handle) const noexcept { release(handle); }
};

template <class T, auto release> using Handle = std::unique_ptr<T, Releaser<release>>;

} // namespace mica
