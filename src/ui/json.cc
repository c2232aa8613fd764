#include "base/clock.hh"
#include "ui/diagnostics.hh"
#include "ui/names.hh"
#include "ui/renderers.hh"
#include <array>
#include <nlohmann/json.hpp>

namespace mica::ui {

namespace {

using Json = nlohmann::ordered_json;

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = (group << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j > bytes.size() ? '=' : digits[(group >> (18 - 6 * j)) & 63U];
    }
    return out;
}

bool is_utf8(std::string_view bytes)
{
    try {
        static_cast<void>(Json(bytes).dump());
        return true;
    } catch (const Json::type_error &) {
        return false;
    }
}

/// A span without the parts that are unknown.
Json json_of(const SourceSpan &span)
{
    Json json{{"file", span.file}, {"first_line", span.first_line}, {"last_line", span.last_line}};
    if (span.first_column > 0) {
        json["first_column"] = span.first_column;
        json["last_column"] = span.last_column;
    }
    return json;
}

/// Adds the members of one kind of event.
class Members {
public:
    explicit Members(Json &json) : json_{json} {}

    void operator()(const event::SourceText &source)
    {
        type("source");
        json_["file"] = source.file;
        json_["text"] = source.text;
    }
    void operator()(const event::TaskStarted &task)
    {
        type("task_started");
        json_["id"] = task.id.value;
        if (task.parent.value != 0)
            json_["parent"] = task.parent.value;
        json_["kind"] = name_of(task.kind);
        json_["name"] = task.name;
        where(task.where);
    }
    void operator()(const event::TaskProgress &progress)
    {
        type("task_progress");
        json_["id"] = progress.id.value;
        json_["done"] = progress.done;
        if (progress.total > 0)
            json_["total"] = progress.total;
    }
    void operator()(const event::TaskOutput &output)
    {
        type("task_output");
        json_["id"] = output.id.value;
        json_["stream"] = output.is_stderr ? "stderr" : "stdout";
        // A chunk may end within a character; nothing may be lost by that.
        if (is_utf8(output.bytes))
            json_["text"] = output.bytes;
        else
            json_["base64"] = base64(output.bytes);
    }
    void operator()(const event::TaskFinished &finished)
    {
        type("task_finished");
        json_["id"] = finished.id.value;
        json_["result"] = name_of(finished.result);
        text("detail", finished.detail);
    }
    void operator()(const event::Note &note)
    {
        type("note");
        json_["level"] = name_of(note.level);
        json_["text"] = note.text;
        where(note.where);
    }
    void operator()(const event::Produced &produced)
    {
        type("produced");
        json_["kind"] = produced.kind;
        text("name", produced.name);
        text("digest", produced.digest);
    }
    void operator()(const event::Failure &failure)
    {
        const auto &error = failure.error;
        type("failure");
        json_["kind"] = name_of(error.kind());
        json_["message"] = error.message();
        if (!error.context().empty())
            json_["context"] = error.context();
        if (error.where())
            where(*error.where());
        if (error.hint())
            json_["hint"] = *error.hint();
        json_["exit_status"] = exit_status(error);
    }

private:
    void type(std::string_view name) { json_["type"] = name; }
    void text(const char *key, const std::string &value)
    {
        if (!value.empty())
            json_[key] = value;
    }
    void where(const SourceSpan &span)
    {
        if (span.first_line > 0)
            json_["where"] = json_of(span);
    }

    Json &json_;
};

class JsonRenderer final : public Renderer {
public:
    std::string render(const Event &event) override
    {
        Json json;
        json["time"] = format_rfc3339(std::chrono::time_point_cast<std::chrono::nanoseconds>(event.at));
        std::visit(Members{json}, event.body);
        return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
};

} // namespace

std::unique_ptr<Renderer> make_json_renderer()
{
    return std::make_unique<JsonRenderer>();
}

} // namespace mica::ui
