#include "exec/devices/yaml_json.hh"

#include "base/error.hh"
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <yaml.h>

namespace mica::exec {

namespace {

using Json = nlohmann::json;

constexpr unsigned deepest = 32;

[[noreturn]] void refuse(const yaml_mark_t &where, std::string_view why)
{
    throw Error{ErrorKind::integrity, fmt::format("line {}: {}", where.line + 1, why)};
}

/// libyaml's events, each freed when the next is asked for.
class Events {
public:
    explicit Events(std::string_view text)
    {
        if (yaml_parser_initialize(&parser_) == 0)
            throw std::bad_alloc{};
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char *>(text.data()),
                                     text.size());
    }
    ~Events()
    {
        yaml_event_delete(&event_);
        yaml_parser_delete(&parser_);
    }
    Events(const Events &) = delete;
    Events &operator=(const Events &) = delete;

    const yaml_event_t &next()
    {
        yaml_event_delete(&event_);
        if (yaml_parser_parse(&parser_, &event_) == 0)
            refuse(parser_.problem_mark, parser_.problem != nullptr ? parser_.problem : "not YAML");
        return event_;
    }

private:
    yaml_parser_t parser_{};
    yaml_event_t event_{};
};

std::string_view text_of(const yaml_event_t &event)
{
    return {reinterpret_cast<const char *>(event.data.scalar.value), event.data.scalar.length};
}

std::optional<std::int64_t> whole_number(std::string_view text)
{
    const bool negative = text.starts_with('-');
    auto digits = negative ? text.substr(1) : text;
    int base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0o")) {
        base = digits[1] == 'x' ? 16 : 8;
        digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits.starts_with('0')) {
        base = 8;
    }
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (code != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('-'))
        return std::nullopt;
    return negative ? -value : value;
}

Json plain_value(std::string_view text)
{
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return nullptr;
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    if (const auto number = whole_number(text))
        return *number;
    return std::string{text};
}

Json value_of(Events &events, const yaml_event_t &first, unsigned depth);

Json sequence_of(Events &events, unsigned depth)
{
    auto list = Json::array();
    for (;;) {
        const auto &event = events.next();
        if (event.type == YAML_SEQUENCE_END_EVENT)
            return list;
        list.push_back(value_of(events, event, depth));
    }
}

Json mapping_of(Events &events, unsigned depth)
{
    auto map = Json::object();
    for (;;) {
        const auto &event = events.next();
        if (event.type == YAML_MAPPING_END_EVENT)
            return map;
        if (event.type != YAML_SCALAR_EVENT)
            refuse(event.start_mark, "a key must be a word");
        const std::string key{text_of(event)};
        if (key == "<<" || map.contains(key))
            refuse(event.start_mark, fmt::format("the key \"{}\" cannot stand here", key));
        map[key] = value_of(events, events.next(), depth);
    }
}

Json value_of(Events &events, const yaml_event_t &first, unsigned depth)
{
    if (depth == deepest)
        refuse(first.start_mark, "nested too deeply");
    switch (first.type) {
    case YAML_SCALAR_EVENT:
        if (first.data.scalar.tag != nullptr)
            refuse(first.start_mark, "tags are not supported");
        return first.data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? plain_value(text_of(first))
                                                                  : Json(std::string{text_of(first)});
    case YAML_SEQUENCE_START_EVENT:
        return sequence_of(events, depth + 1);
    case YAML_MAPPING_START_EVENT:
        return mapping_of(events, depth + 1);
    case YAML_ALIAS_EVENT:
        refuse(first.start_mark, "aliases are not supported");
    default:
        refuse(first.start_mark, "a value is missing");
    }
}

} // namespace

Json parse_yaml(std::string_view text)
{
    Events events{text};
    Json value;
    bool found = false;
    for (;;) {
        const auto &event = events.next();
        switch (event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (std::exchange(found, true))
                refuse(event.start_mark, "there is more than one document");
            value = value_of(events, events.next(), 0);
            break;
        default: // YAML_STREAM_END_EVENT
            return value;
        }
    }
}

} // namespace mica::exec
