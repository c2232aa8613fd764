#pragma once
/// @file
/// A counted pointer to a node that is copied before it is changed, unless
/// nobody else has it. Used by the file tree alone.
#include <atomic>
#include <cstdint>
#include <utility>

namespace mica::layer {

/// Points to a T or to nothing. Beside std::shared_ptr it is half as large, needs no
/// second allocation, and can tell reliably that it is the only owner (use_count()
/// is relaxed and so of no use between threads). T derives from SharedNode<T>::Base.
template <class T> class SharedNode {
public:
    class Base {
    public:
        Base() = default;
        Base(const Base &) noexcept {}
        Base &operator=(const Base &) noexcept { return *this; }

    private:
        friend class SharedNode;
        mutable std::atomic<std::uint32_t> owners_{0};
    };

    SharedNode() = default;
    explicit SharedNode(T *node) noexcept : node_{node} { acquire(); }
    SharedNode(const SharedNode &other) noexcept : node_{other.node_} { acquire(); }
    SharedNode(SharedNode &&other) noexcept : node_{std::exchange(other.node_, nullptr)} {}
    SharedNode &operator=(SharedNode other) noexcept
    {
        std::swap(node_, other.node_);
        return *this;
    }
    ~SharedNode()
    {
        if (node_ != nullptr && count().fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete node_;
    }

    [[nodiscard]] const T *get() const noexcept { return node_; }
    [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }
    const T *operator->() const noexcept { return node_; }
    const T &operator*() const noexcept { return *node_; }
    bool operator==(const SharedNode &) const = default;

    /// The node for changing: a copy of its own if anybody else has it too.
    [[nodiscard]] T &own()
    {
        if (count().load(std::memory_order_acquire) != 1)
            *this = SharedNode{new T(*node_)};
        return *node_;
    }

private:
    [[nodiscard]] std::atomic<std::uint32_t> &count() const noexcept
    {
        return static_cast<const Base *>(node_)->owners_;
    }
    void acquire() noexcept
    {
        if (node_ != nullptr)
            count().fetch_add(1, std::memory_order_relaxed);
    }

    T *node_ = nullptr;
};

} // namespace mica::layer
