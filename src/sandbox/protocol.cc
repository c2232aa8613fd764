#include "sandbox/protocol.hh"

#include <string>

namespace mica::sandbox {
namespace {

struct WireError {
    ErrorKind kind{};
    std::string message;
    std::vector<std::string> context;
    std::optional<std::string> hint;
};

template <class A> void describe(A &a, WireError &e)
{
    a(e.kind, e.message, e.context, e.hint);
}

} // namespace

std::string encode_error(const Error &error)
{
    return encode(WireError{error.kind(), error.message(), error.context(), error.hint()});
}

Error decode_error(std::string_view bytes)
{
    auto wire = decode<WireError>(bytes);
    Error error{wire.kind, std::move(wire.message)};
    for (auto &frame : wire.context)
        error.add_context(std::move(frame));
    if (wire.hint)
        error.set_hint(std::move(*wire.hint));
    return error;
}

Message expect_answer(Channel &channel)
{
    auto message = channel.receive();
    if (!message)
        throw Error{ErrorKind::internal, "the sandbox's helper process ended unexpectedly"};
    if (message->kind == static_cast<std::uint32_t>(Answer::failed))
        throw decode_error(message->body);
    return std::move(*message);
}

} // namespace mica::sandbox
