#include "exec/graph_runner.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace mica::exec {

namespace {

enum class NodeState : std::uint8_t { waiting, running, done };

/// What the nodes' threads share, all under one mutex.
class Run {
public:
    Run(const Graph &graph, const std::stop_token &outer)
        : graph_{graph}, states_(graph.inputs.size(), NodeState::waiting),
          forward_{outer, [this] { inner_.request_stop(); }}
    {
    }

    [[nodiscard]] std::stop_token token() const { return inner_.get_token(); }

    /// False: a stop came first.
    bool wait_for_inputs(std::uint32_t node)
    {
        std::unique_lock lock{mutex_};
        const bool ready = changed_.wait(lock, inner_.get_token(), [&] { return may_start(node); });
        if (!ready || inner_.stop_requested())
            return false;
        states_[node] = NodeState::running;
        ++running_;
        return true;
    }

    void finished(std::uint32_t node)
    {
        const std::scoped_lock lock{mutex_};
        states_[node] = NodeState::done;
        --running_;
        changed_.notify_all();
    }

    void failed(std::exception_ptr error)
    {
        {
            const std::scoped_lock lock{mutex_};
            --running_;
            errors_.push_back(std::move(error));
        }
        inner_.request_stop();
        changed_.notify_all();
    }

    [[nodiscard]] const std::vector<std::exception_ptr> &errors() const { return errors_; }

private:
    [[nodiscard]] bool may_start(std::uint32_t node) const
    {
        if (graph_.jobs != 0 && running_ >= graph_.jobs)
            return false;
        for (const auto input : graph_.inputs[node])
            if (states_[input] != NodeState::done)
                return false;
        return true;
    }

    const Graph &graph_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<NodeState> states_;
    std::vector<std::exception_ptr> errors_;
    unsigned running_ = 0;
    std::stop_source inner_;
    std::stop_callback<std::function<void()>> forward_;
};

bool is_cancellation(const std::exception_ptr &error)
{
    try {
        std::rethrow_exception(error);
    } catch (const Cancelled &) {
        return true;
    } catch (...) {
        return false;
    }
}

} // namespace

void run_graph(const Graph &graph, const std::function<void(std::uint32_t, const std::stop_token &)> &body,
               const std::function<void(const std::exception_ptr &)> &also_failed,
               const std::stop_token &stop)
{
    Run run{graph, stop};
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t node = 0; node < graph.inputs.size(); ++node)
            threads.emplace_back([&run, &body, node] {
                if (!run.wait_for_inputs(node))
                    return;
                try {
                    body(node, run.token());
                    run.finished(node);
                } catch (...) {
                    run.failed(std::current_exception());
                }
            });
    }
    throw_if_stopped(stop);
    std::exception_ptr first;
    for (const auto &error : run.errors()) {
        if (is_cancellation(error))
            continue;
        if (!first)
            first = error;
        else
            also_failed(error);
    }
    if (first)
        std::rethrow_exception(first);
    if (!run.errors().empty())
        throw Cancelled{};
}

} // namespace mica::exec
