#pragma once
/// @file
/// Values as bytes and back, for messages between mica and its helper processes.
/// Both ends are the same executable, so there is no versioning; but every read is
/// bounded, since a helper lives next to code that is not trusted.
///
/// A struct takes part by a free function found by argument-dependent lookup:
///     template <class Archive> void describe(Archive &archive, Thing &thing)
///     { archive(thing.name, thing.size); }
#include "base/error.hh"
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mica::sandbox {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Encoder {
public:
    template <class... Values> void operator()(Values &...values) { (put(values), ...); }
    [[nodiscard]] std::string take() { return std::move(bytes_); }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    template <Scalar T> void put(T &value)
    {
        bytes_.append(reinterpret_cast<const char *>(&value), sizeof value);
    }
    void put(std::string &text)
    {
        put_size(text.size());
        bytes_.append(text);
    }
    template <class T> void put(std::vector<T> &values)
    {
        put_size(values.size());
        for (T &value : values)
            put(value);
    }
    template <class A, class B> void put(std::pair<A, B> &pair)
    {
        put(pair.first);
        put(pair.second);
    }
    template <class K, class V> void put(std::map<K, V> &values)
    {
        put_size(values.size());
        for (auto &[key, value] : values) {
            K copy = key;
            put(copy);
            put(value);
        }
    }
    template <class T> void put(std::optional<T> &value)
    {
        bool is_there = value.has_value();
        put(is_there);
        if (is_there)
            put(*value);
    }
    template <class T>
        requires std::is_class_v<T>
    void put(T &value)
    {
        describe(*this, value);
    }
    void put_size(std::size_t size)
    {
        auto fixed = static_cast<std::uint64_t>(size);
        put(fixed);
    }

    std::string bytes_;
};

/// Throws Error (internal) on bytes that end too early.
class Decoder {
public:
    explicit Decoder(std::string_view bytes) : bytes_{bytes} {}
    template <class... Values> void operator()(Values &...values) { (get(values), ...); }
    [[nodiscard]] bool at_end() const { return bytes_.empty(); }

private:
    [[nodiscard]] std::string_view next(std::uint64_t size)
    {
        if (size > bytes_.size())
            throw Error{ErrorKind::internal, "a message between mica's processes is cut short"};
        const auto part = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return part;
    }
    template <Scalar T> void get(T &value)
    {
        const auto part = next(sizeof value);
        std::memcpy(&value, part.data(), sizeof value);
    }
    void get(std::string &text) { text = next(get_size()); }
    template <class T> void get(std::vector<T> &values)
    {
        values.clear();
        // Each element is at least one byte: a forged count ends at the end of the bytes.
        for (auto left = get_size(); left > 0; --left)
            get(values.emplace_back());
    }
    template <class A, class B> void get(std::pair<A, B> &pair)
    {
        get(pair.first);
        get(pair.second);
    }
    template <class K, class V> void get(std::map<K, V> &values)
    {
        values.clear();
        for (auto left = get_size(); left > 0; --left) {
            K key{};
            get(key);
            get(values[std::move(key)]);
        }
    }
    template <class T> void get(std::optional<T> &value)
    {
        bool is_there = false;
        get(is_there);
        value.reset();
        if (is_there)
            get(value.emplace());
    }
    template <class T>
        requires std::is_class_v<T>
    void get(T &value)
    {
        describe(*this, value);
    }
    [[nodiscard]] std::uint64_t get_size()
    {
        std::uint64_t size = 0;
        get(size);
        return size;
    }

    std::string_view bytes_;
};

/// A described value as bytes. (Takes a copy: describe() is one function for both ways.)
template <class T> [[nodiscard]] std::string encode(T value)
{
    Encoder encoder;
    encoder(value);
    return encoder.take();
}

template <class T> [[nodiscard]] T decode(std::string_view bytes)
{
    Decoder decoder{bytes};
    T value{};
    decoder(value);
    return value;
}

} // namespace mica::sandbox
