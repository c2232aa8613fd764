#pragma once
/// @file
/// libcurl's easy handle for one exchange. Private to net/; used by the network thread.
#include "base/handle.hh"
#include "net/client.hh"
#include "net/transfer.hh"
#include <array>
#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <string>

namespace mica::net {

using EasyHandle = Handle<CURL, curl_easy_cleanup>;

/// What all exchanges of a client have in common.
struct Settings {
    Options options;
    std::string ca_pem;
    std::string
        ca_path{}; ///< the same as a file, if it can be one: libcurl reads it once, not for each connection
    Handle<curl_slist, curl_slist_free_all> resolve;
};

/// A running exchange: the handle and all that libcurl has pointers to.
class Easy {
public:
    /// Throws Error (internal, usage) when libcurl refuses an option.
    Easy(EasyHandle handle, std::shared_ptr<Transfer> transfer, const Settings &settings);
    Easy(const Easy &) = delete;
    Easy &operator=(const Easy &) = delete;

    [[nodiscard]] CURL *handle() const noexcept { return handle_.get(); }
    [[nodiscard]] Transfer &transfer() const noexcept { return *transfer_; }
    /// Gives the handle back for the next exchange.
    [[nodiscard]] EasyHandle release() noexcept { return std::move(handle_); }
    /// What libcurl's result means; nullopt for success.
    [[nodiscard]] std::optional<Failure> outcome(CURLcode result) const;

    /// Whether next to nothing has moved for longer than the options allow. To be asked regularly.
    [[nodiscard]] std::optional<Failure> stalled(const Options &options,
                                                 std::chrono::steady_clock::time_point now);

private:
    void set_request();
    void set_body();
    void set_tls(const Settings &settings);

    EasyHandle handle_;
    std::shared_ptr<Transfer> transfer_;
    Handle<curl_slist, curl_slist_free_all> headers_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    // Since when, and from where on, the movement is counted that stalled() looks at.
    std::chrono::steady_clock::time_point window_ = std::chrono::steady_clock::now();
    curl_off_t moved_before_ = 0;
    bool was_thinking_ = false;
};

} // namespace mica::net
