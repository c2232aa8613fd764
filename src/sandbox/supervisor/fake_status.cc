#include "sandbox/supervisor/fake_status.hh"

#include "sandbox/supervisor/stat_forms.hh"
#include <fcntl.h>
#include <optional>

namespace mica::sandbox {
namespace {

StatForm plain_form(Abi abi)
{
    return is_narrow(abi) ? StatForm::narrow : StatForm::native;
}

class FakeStatus {
public:
    explicit FakeStatus(const FakeWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        for (const Abi abi : machine_abis()) {
            add_simple(dispatch, abi, "", plain_form(abi));
            add_simple(dispatch, abi, "64", StatForm::narrow_wide);
            add_at(dispatch, abi, "newfstatat", plain_form(abi));
            add_at(dispatch, abi, "fstatat64", StatForm::narrow_wide);
        }
        dispatch.on("statx", [*this](SystemCall &call) {
            auto status = shown(call, name_at(call, 2));
            call.store(call.argument(4), status);
            return Reply::value();
        });
    }

private:
    void add_simple(Dispatch &dispatch, Abi abi, const std::string &suffix, StatForm form) const
    {
        dispatch.on(abi, "stat" + suffix, [*this, form](SystemCall &call) {
            return answer(call, {AT_FDCWD, call.text(0), true}, 1, form);
        });
        dispatch.on(abi, "lstat" + suffix, [*this, form](SystemCall &call) {
            return answer(call, {AT_FDCWD, call.text(0), false}, 1, form);
        });
        dispatch.on(abi, "fstat" + suffix,
                    [*this, form](SystemCall &call) { return answer(call, descriptor(call), 1, form); });
    }
    void add_at(Dispatch &dispatch, Abi abi, const char *name, StatForm form) const
    {
        dispatch.on(abi, name,
                    [*this, form](SystemCall &call) { return answer(call, name_at(call, 3), 2, form); });
    }

    /// A negative one is no descriptor, not even AT_FDCWD.
    static FileName descriptor(const SystemCall &call)
    {
        if (call.integer(0) < 0)
            throw CallFailed{EBADF};
        return {call.integer(0), {}, true, true};
    }
    /// A null path is an empty one (Linux 6.11).
    static FileName name_at(const SystemCall &call, unsigned flags_index)
    {
        const unsigned flags = call.word(flags_index);
        return {call.integer(0), call.argument(1) != 0 ? call.text(1) : std::string{},
                (flags & AT_SYMLINK_NOFOLLOW) == 0, (flags & AT_EMPTY_PATH) != 0};
    }
    [[nodiscard]] struct statx shown(const SystemCall &call, const FileName &name) const
    {
        auto status = world_.paths().status(call, name);
        world_.records().show(status);
        return status;
    }
    [[nodiscard]] Reply answer(SystemCall &call, const FileName &name, unsigned into, StatForm form) const
    {
        call.write(call.argument(into), stat_bytes(shown(call, name), form, call.abi()));
        return Reply::value();
    }

    const FakeWorld &world_;
};

} // namespace

void fake_status(Dispatch &dispatch, const FakeWorld &world)
{
    FakeStatus{world}.add_to(dispatch);
}

} // namespace mica::sandbox
