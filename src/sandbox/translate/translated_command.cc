#include "sandbox/translate/translated_command.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/process.hh"
#include "sandbox/chroot/device_files.hh"
#include "sandbox/command_runner.hh"
#include "sandbox/stand_ins.hh"
#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

namespace mica::sandbox {
namespace {

/// Takes away what was made for the command to find.
class SystemPlaces {
public:
    explicit SystemPlaces(int root)
    {
        for (const char *path : {"/proc", "/sys"})
            places_.ensure(root, path, MountPoints::Kind::directory);
    }
    ~SystemPlaces() { places_.remove(); }
    SystemPlaces(const SystemPlaces &) = delete;
    SystemPlaces &operator=(const SystemPlaces &) = delete;

private:
    MountPoints places_;
};

} // namespace

ChrootAnswer run_translated(InitPlan plan, const RootPlace &root, const ChrootSources &sources,
                            Channel &channel)
{
    auto &records = *plan.records;
    const OwnPlace own_place{sources.place};
    for (const char *name : {"lists", "aliases"})
        os::check(::mkdir((sources.place / name).c_str(), 0700), name);
    const SupervisedTree tree{root.path};
    const SystemPlaces system_places{root.fd};
    StandIns stand_ins{root.path, sources.place / "hidden"};
    const DeviceFiles devices{tree, sources.place / "dev", &records};
    stand_ins.give(sources.place / "dev", "/dev");
    ShownFiles shown{sources, tree, stand_ins, &records};
    shown.generated("/etc/hosts", plan.request.hosts);
    shown.generated("/etc/resolv.conf", plan.request.resolv_conf);
    for (const auto &mount : plan.request.mounts)
        in_context([&] { return fmt::format("mount {}", mount.target); }, [&] { shown.one(mount); });
    plan.request.mounts.clear(); // with the secrets in them
    plan.translation = Translation{sources.place, &shown.secrets()};
    ChrootAnswer answer;
    answer.ended = run_command_below(std::move(plan), root, channel);
    answer.moved = stand_ins.restore();
    return answer;
}

} // namespace mica::sandbox
