#pragma once
/// @file
/// A JSON document of outside origin, read with bounds, and errors that say where in it something is wrong.
/// For source files: it brings the whole of nlohmann/json.
#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica {

using Json = nlohmann::json;

/// Throws Error (integrity) for what is longer than `limit`, nested too deeply, not JSON,
/// or not an object; `what` names the document.
[[nodiscard]] Json parse_document(std::string_view text, std::size_t limit, std::string_view what);

/// One value and where it stands. JSON's null counts as absent. Every member throws
/// Error (integrity) for a value of another type.
class JsonNode {
public:
    JsonNode(const Json &value, std::string path) : value_{&value}, path_{std::move(path)} {}

    [[nodiscard]] std::optional<JsonNode> find(const char *key) const;
    [[nodiscard]] JsonNode need(const char *key) const;

    /// Throws for a member that is not among them.
    void allow(std::initializer_list<std::string_view> keys) const;
    [[nodiscard]] const Json &value() const { return *value_; }
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::int64_t integer() const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] std::vector<JsonNode> items() const;
    [[nodiscard]] std::vector<std::pair<std::string, JsonNode>> members() const;

    /// Of a member; empty, zero or false if there is none.
    [[nodiscard]] std::string text_of(const char *key) const;
    [[nodiscard]] std::int64_t integer_of(const char *key) const;
    [[nodiscard]] bool boolean_of(const char *key) const;
    [[nodiscard]] std::optional<std::vector<std::string>> texts_of(const char *key) const;
    [[nodiscard]] std::map<std::string, std::string> text_map_of(const char *key) const;

    [[noreturn]] void fail(std::string_view why) const;

private:
    const Json *value_;
    std::string path_;
};

} // namespace mica
