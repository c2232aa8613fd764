#include "auth/login_store.hh"

#include "auth/base64.hh"
#include "auth/child.hh"
#include "auth/docker_config.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t file_limit = 4 * 1024 * 1024;
constexpr std::size_t output_limit = 64 * 1024;
constexpr std::chrono::minutes patience{1};

Json read(const std::filesystem::path &file)
try {
    auto document = Json::parse(read_file(file, file_limit), nullptr, false);
    if (!document.is_object())
        throw Error{ErrorKind::usage,
                    fmt::format("{} is no JSON object, and is left as it is", file.string())};
    return document;
} catch (const Error &error) {
    if (error.kind() == ErrorKind::not_found)
        return Json::object();
    throw;
}

void write(const std::filesystem::path &file, const Json &document)
{
    std::filesystem::create_directories(file.parent_path());
    write_file_atomically(file, document.dump(1, '\t') + "\n", 0600);
}

/// As docker writes the name of its own registry.
std::string key_of(const std::string &registry)
{
    return registry == "docker.io" ? "https://index.docker.io/v1/" : registry;
}

std::string text_in(const Json &object, const std::string &name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The helper for the registry; "" where the file itself is the place.
std::string helper_of(const Json &document, const std::string &registry)
{
    if (const auto helpers = document.find("credHelpers"); helpers != document.end() && helpers->is_object())
        for (const auto &[server, helper] : helpers->items())
            if (normalize_server(server) == registry && helper.is_string())
                return helper.get<std::string>();
    return text_in(document, "credsStore");
}

/// "store" and "erase" of docker's helpers; false: it knew nothing of the server.
bool tell_helper(const std::string &name, const char *action, const std::string &input)
{
    const auto program = "docker-credential-" + name;
    const auto result = run_child({program, action}, input, patience, output_limit);
    if (result.status == 0)
        return true;
    const auto words = std::string{trim(trim(result.out).empty() ? result.err : result.out)};
    if (words.find("not found") != std::string::npos)
        return false;
    throw Error{ErrorKind::denied, fmt::format("{} {} failed: {}", program, action, words.substr(0, 400))};
}

} // namespace

std::filesystem::path login_file(const Variables &variables)
{
    if (const auto directory = variables.get("DOCKER_CONFIG"))
        return std::filesystem::path{*directory} / "config.json";
    if (const auto file = variables.in_home(".docker/config.json"))
        return *file;
    throw Error{ErrorKind::usage, "there is no place to keep a login: neither DOCKER_CONFIG nor HOME is set"};
}

std::string keep_login(const std::filesystem::path &file, const std::string &registry, const Basic &login)
{
    auto document = read(file);
    const auto helper = helper_of(document, registry);
    if (!helper.empty()) {
        const Json entry{
            {"ServerURL", key_of(registry)}, {"Username", login.user}, {"Secret", login.password}};
        static_cast<void>(tell_helper(helper, "store", entry.dump()));
        return "docker-credential-" + helper;
    }
    document["auths"][key_of(registry)] = {{"auth", base64_encode(login.user + ":" + login.password)}};
    write(file, document);
    return file.string();
}

bool forget_login(const std::filesystem::path &file, const std::string &registry)
{
    auto document = read(file);
    bool found = false;
    if (const auto helper = helper_of(document, registry); !helper.empty())
        found = tell_helper(helper, "erase", key_of(registry));
    const auto auths = document.find("auths");
    if (auths == document.end() || !auths->is_object())
        return found;
    Json left = Json::object();
    for (const auto &[server, entry] : auths->items())
        if (normalize_server(server) != registry)
            left[server] = entry;
    if (left.size() == auths->size())
        return found;
    *auths = left;
    write(file, document);
    return true;
}

} // namespace mica::auth
