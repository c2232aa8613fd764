#include "sandbox/supervisor/fake_ids.hh"

#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <functional>
#include <linux/prctl.h>
#include <optional>
#include <string>

namespace mica::sandbox {
namespace {

constexpr std::uint32_t unchanged = ~std::uint32_t{0};

/// Ids are words, or (the first calls of the 32-bit ABIs) half words.
enum class Width : std::uint8_t { half, word };

std::uint32_t id_argument(const SystemCall &call, unsigned index, Width width)
{
    const auto value = call.word(index);
    if (width == Width::word)
        return value;
    const auto half = static_cast<std::uint16_t>(value);
    return half == 0xffff ? unchanged : half;
}

std::uint32_t shown(std::uint32_t id, Width width)
{
    constexpr std::uint32_t overflow = 65534;
    return width == Width::half && id > 0xffff ? overflow : id;
}

void store_id(const SystemCall &call, std::uint64_t address, std::uint32_t id, Width width)
{
    if (width == Width::word)
        call.store(address, id);
    else
        call.store(address, static_cast<std::uint16_t>(shown(id, width)));
}

/// One kind of id (user or group) of a process that may, or may not, set it at will.
class Setter {
public:
    Setter(Ids &ids, bool free) : ids_{ids}, free_{free} {}

    void set(std::uint32_t id)
    {
        require(id == unchanged ? EINVAL : EPERM, id != unchanged && allowed(id));
        ids_ = {free_ ? id : ids_.real, id, free_ ? id : ids_.saved, id};
    }
    void set_re(std::uint32_t real, std::uint32_t effective)
    {
        const bool real_ok = real == unchanged || free_ || real == ids_.real || real == ids_.effective;
        require(EPERM, real_ok && allowed(effective));
        const auto old_real = ids_.real;
        change(ids_.real, real);
        change(ids_.effective, effective);
        if (real != unchanged || (effective != unchanged && effective != old_real))
            ids_.saved = ids_.effective;
        ids_.filesystem = ids_.effective;
    }
    void set_res(std::uint32_t real, std::uint32_t effective, std::uint32_t saved)
    {
        require(EPERM, allowed(real) && allowed(effective) && allowed(saved));
        change(ids_.real, real);
        change(ids_.effective, effective);
        change(ids_.saved, saved);
        ids_.filesystem = ids_.effective;
    }
    void set_filesystem(std::uint32_t id)
    {
        if (id != unchanged && (allowed(id) || id == ids_.filesystem))
            ids_.filesystem = id;
    }

private:
    [[nodiscard]] bool allowed(std::uint32_t id) const { return id == unchanged || free_ || ids_.has(id); }
    static void require(int error_number, bool condition)
    {
        if (!condition)
            throw CallFailed{error_number};
    }
    static void change(std::uint32_t &id, std::uint32_t to)
    {
        if (to != unchanged)
            id = to;
    }

    Ids &ids_;
    bool free_;
};

class FakeIds {
public:
    explicit FakeIds(ProcessTable &processes) : processes_{processes} {}

    void add_to(Dispatch &dispatch) const
    {
        for (const Abi abi : machine_abis()) {
            const Width width = is_narrow(abi) ? Width::half : Width::word;
            add(dispatch, abi, "", width);
            if (is_narrow(abi))
                add(dispatch, abi, "32", Width::word);
        }
        dispatch.on("exit_group", [&table = processes_](SystemCall &call) {
            table.forget(call.thread());
            return Reply::pass();
        });
    }

private:
    using Member = Ids Credentials::*;

    void add(Dispatch &dispatch, Abi abi, const std::string &suffix, Width width) const
    {
        add_kind(dispatch, abi, suffix, width, 'u', &Credentials::user);
        add_kind(dispatch, abi, suffix, width, 'g', &Credentials::group);
        dispatch.on(abi, "getgroups" + suffix,
                    [*this, width](SystemCall &call) { return get_groups(call, width); });
        dispatch.on(abi, "setgroups" + suffix,
                    [*this, width](SystemCall &call) { return set_groups(call, width); });
    }

    void add_kind(Dispatch &dispatch, Abi abi, const std::string &suffix, Width width, char kind,
                  Member ids) const
    {
        const auto name = [&](const char *before, const char *after) {
            return std::string{before} + kind + after + suffix;
        };
        const auto get = [&](const std::string &call_name, std::uint32_t Ids::*id) {
            dispatch.on(abi, call_name, [*this, ids, id, width](SystemCall &call) {
                return Reply::value(shown(processes_.of(call.thread()).*ids.*id, width));
            });
        };
        get(name("get", "id"), &Ids::real);
        get(name("gete", "id"), &Ids::effective);
        dispatch.on(abi, name("getres", "id"), [*this, ids, width](SystemCall &call) {
            const Ids found = processes_.of(call.thread()).*ids;
            store_id(call, call.argument(0), found.real, width);
            store_id(call, call.argument(1), found.effective, width);
            store_id(call, call.argument(2), found.saved, width);
            return Reply::value();
        });
        using Change = std::function<void(Setter, const std::function<std::uint32_t(unsigned)> &)>;
        const auto set = [&](const std::string &call_name, const Change &body) {
            dispatch.on(abi, call_name, [*this, ids, width, body](SystemCall &call) {
                processes_.change(call.thread(), [&](Credentials &who) {
                    body(Setter{who.*ids, who.is_root()},
                         [&](unsigned index) { return id_argument(call, index, width); });
                });
                return Reply::value();
            });
        };
        set(name("set", "id"), [](Setter ids_of, const auto &argument) { ids_of.set(argument(0)); });
        set(name("setre", "id"),
            [](Setter ids_of, const auto &argument) { ids_of.set_re(argument(0), argument(1)); });
        set(name("setres", "id"), [](Setter ids_of, const auto &argument) {
            ids_of.set_res(argument(0), argument(1), argument(2));
        });
        dispatch.on(abi, name("setfs", "id"), [*this, ids, width](SystemCall &call) {
            std::uint32_t before = 0;
            processes_.change(call.thread(), [&](Credentials &who) {
                before = (who.*ids).filesystem;
                Setter{who.*ids, who.is_root()}.set_filesystem(id_argument(call, 0, width));
            });
            return Reply::value(shown(before, width));
        });
    }

    [[nodiscard]] Reply get_groups(SystemCall &call, Width width) const
    {
        const auto groups = processes_.of(call.thread()).groups;
        const auto count = static_cast<std::int64_t>(groups.size());
        if (call.integer(0) == 0)
            return Reply::value(count);
        if (call.integer(0) < count)
            return Reply::error(EINVAL);
        const std::uint64_t size = width == Width::word ? 4 : 2;
        for (std::size_t i = 0; i < groups.size(); ++i)
            store_id(call, call.argument(1) + i * size, groups[i], width);
        return Reply::value(count);
    }

    [[nodiscard]] Reply set_groups(SystemCall &call, Width width) const
    {
        constexpr int most = 65536;
        if (call.integer(0) < 0 || call.integer(0) > most)
            return Reply::error(EINVAL);
        std::vector<std::uint32_t> groups;
        for (std::uint64_t i = 0; i < call.word(0); ++i)
            groups.push_back(width == Width::word ? call.load<std::uint32_t>(call.argument(1) + 4 * i)
                                                  : call.load<std::uint16_t>(call.argument(1) + 2 * i));
        processes_.change(call.thread(), [&](Credentials &who) {
            if (!who.is_root())
                throw CallFailed{EPERM};
            who.groups = groups;
        });
        return Reply::value();
    }

    ProcessTable &processes_;
};

} // namespace

void fake_ids(Dispatch &dispatch, ProcessTable &processes)
{
    FakeIds{processes}.add_to(dispatch);
}

} // namespace mica::sandbox
