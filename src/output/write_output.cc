#include "output/output.hh"

#include "base/error.hh"
#include "output/archive.hh"
#include "output/encoded_images.hh"
#include "output/layout_directory.hh"
#include "output/output_file.hh"
#include "output/push_images.hh"
#include "output/root_output.hh"
#include <fmt/format.h>

namespace mica::output {

namespace {

std::string_view describe(OutputType type, bool as_tar)
{
    switch (type) {
    case OutputType::registry:
        return "registry";
    case OutputType::oci:
        return as_tar ? "OCI archive" : "OCI layout";
    case OutputType::docker:
        return "docker archive";
    case OutputType::tar:
        return "tar of the root file system";
    case OutputType::local:
        return "root file system";
    }
    throw Error{ErrorKind::internal, "an output has no valid type"};
}

void write_file(const EncodedImages &images, const BuiltImages &built, const OutputSpec &spec,
                OutputServices &services, Task &task, const std::stop_token &stop)
{
    OutputFile file{spec.destination, services.standard_output};
    if (spec.type == OutputType::oci)
        write_oci_archive(images, spec.names, file, task, stop);
    else if (spec.type == OutputType::docker)
        write_docker_archive(images, spec.names, file, task, stop);
    else
        write_root_tar(built.images, built.as_index, file, task, stop);
    file.finish();
}

void write_directory(const EncodedImages &images, const BuiltImages &built, const OutputSpec &spec,
                     OutputServices &services, Task &task, const std::stop_token &stop)
{
    if (spec.destination == "-")
        throw Error{ErrorKind::usage, "a directory cannot be written to standard output"};
    if (spec.type == OutputType::oci)
        write_layout_directory(images, spec.names, spec.destination, task, stop);
    else
        write_root_directory(built.images, built.as_index, spec.destination, services.bus, task, stop);
}

} // namespace

Written write_output(const BuiltImages &built, const OutputSpec &spec, OutputServices &services,
                     TaskId parent, const std::stop_token &stop)
{
    const auto images = encode_all(built, spec);
    const Written written{images.top()};
    if (spec.type == OutputType::registry) {
        push_images(images, spec.names, services.registry, services.bus, parent, stop);
        return written;
    }
    const bool is_directory =
        spec.type == OutputType::local || (spec.type == OutputType::oci && !spec.as_tar);
    const auto what = fmt::format("writing {} {}", describe(spec.type, spec.as_tar),
                                  spec.destination == "-" ? "to standard output" : spec.destination.native());
    in_context([&] { return what; },
               [&] {
                   Task task{services.bus, parent, TaskKind::push, what};
                   if (is_directory)
                       write_directory(images, built, spec, services, task, stop);
                   else
                       write_file(images, built, spec, services, task, stop);
               });
    services.bus.publish(event::Produced{"file", spec.destination.native(), written.descriptor.digest.str()});
    return written;
}

} // namespace mica::output
