#pragma once
/// @file
/// The bytes of one file, wherever they lie, readable again and again.
#include "io/stream.hh"
#include <memory>
#include <string>

namespace mica {

/// open() may be called from any thread, several times; each source starts at
/// the first byte.
class Content {
public:
    virtual ~Content() = default;
    [[nodiscard]] virtual std::unique_ptr<Source> open() const = 0;
};

using ContentPtr = std::shared_ptr<const Content>;

/// Bytes in memory: heredocs, small generated files.
class StringContent final : public Content {
public:
    explicit StringContent(std::string bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::unique_ptr<Source> open() const override
    {
        return std::make_unique<StringSource>(bytes_);
    }

private:
    std::string bytes_;
};

} // namespace mica
