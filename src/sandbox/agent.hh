#pragma once
/// @file
/// The helper process of a workspace: it lives in the workspace's namespaces, has one
/// thread, and does what mica asks over a channel. See protocol.hh.
#include "os/process.hh"
#include "sandbox/channel.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/layer_directory.hh"
#include "sandbox/merged_directories.hh"
#include "sandbox/overlay_root.hh"
#include "sandbox/plain_root.hh"
#include "sandbox/protocol.hh"
#include "sandbox/supervisor/file_records.hh"
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mica::sandbox {

class Agent {
public:
    explicit Agent(Channel channel) : channel_{std::move(channel)} {}

    /// Serves until the channel ends, then removes the scratch directory. Never throws;
    /// the exit status.
    int serve() noexcept;

private:
    [[nodiscard]] std::string answer(Message &request);
    void enter_namespaces(Message &request);
    [[nodiscard]] SetupAnswer finish_setup();
    void start_reader();
    void open_storage();
    [[nodiscard]] LayerDirectory &directory_of(Place place);
    [[nodiscard]] ExtractAnswer extract(Message &request);
    [[nodiscard]] LayerNotes extract_to_place(std::unique_ptr<Source> tar, layer::IndexWriter *index);
    [[nodiscard]] RunAnswer run(Message &request);
    [[nodiscard]] RunAnswer run_without_namespaces(InitPlan plan, const std::filesystem::path &place);
    void prove_ownership() const;
    void sweep(const SweepRequest &request) const;
    void clean_up();

    Channel channel_;
    SetupRequest setup_;
    bool private_proc_ = true;
    std::optional<Channel> reader_channel_;
    os::Process reader_;
    Fd scratch_;
    std::optional<LayerDirectory> layers_, caches_;
    std::optional<LayerDirectory> files_;     ///< in the scratch directory, when something was put there
    std::optional<MergedDirectories> merged_; ///< with plain storage
    std::optional<OverlayRoot> overlay_;      ///< one of these two
    std::optional<PlainRoot> plain_;
    WorkspaceRoot *root_ = nullptr;      ///< that one
    ExtractRequest extracting_;          ///< what is being extracted
    std::optional<FileRecords> records_; ///< with a fake root
    unsigned commands_ = 0;
};

/// The body of the helper process: its channel is descriptor 3.
[[nodiscard]] int agent_main() noexcept;

} // namespace mica::sandbox
