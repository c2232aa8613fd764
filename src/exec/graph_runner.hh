#pragma once
/// @file
/// Runs the nodes of a small acyclic graph side by side, each after its inputs.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

namespace mica::exec {

struct Graph {
    /// For each node the nodes that it needs; each lower than the node itself.
    std::vector<std::vector<std::uint32_t>> inputs;
    /// Nodes that may run at the same time; 0: all that are ready.
    unsigned jobs = 0;
};

/// Calls `body(node, stop)` once for every node, on a thread of its own, when all its
/// inputs have returned. The first node to throw wins: the others are stopped and
/// waited for, nodes not begun never begin, and its exception is rethrown; what the
/// others threw meanwhile (other than Cancelled) is given to `also_failed`.
void run_graph(const Graph &graph,
               const std::function<void(std::uint32_t node, const std::stop_token &stop)> &body,
               const std::function<void(const std::exception_ptr &)> &also_failed,
               const std::stop_token &stop);

} // namespace mica::exec
