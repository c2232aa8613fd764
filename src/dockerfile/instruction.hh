#pragma once
/// @file
/// Instructions with their meaning told apart, but nothing expanded: flags are
/// checked and typed, counts of arguments are right. What depends on variables or
/// on the base image is plan/'s.
#include "dockerfile/ast.hh"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mica::dockerfile {

struct KeyValue {
    std::string key, value;
    bool legacy = false; ///< "ENV key value"
};

/// Text for a shell, or words to execute.
struct CommandLine {
    std::vector<std::string> words; ///< one word in shell form
    bool shell_form = false;
    std::vector<Heredoc> heredocs;
};

/// --mount of RUN, keys checked; values not yet expanded.
struct MountFlag {
    std::string text; ///< as written, for messages and expansion; parse_mount() of mount_flag.hh types it
};

struct From {
    std::string image;
    std::optional<std::string> platform;
    std::string stage_name;         ///< lower case, empty without AS
    std::string written_stage_name; ///< as written
    std::string written_as;         ///< "AS" or "as"
    std::string comment;            ///< doc comment "# NAME text" of the stage
};
struct Arg {
    struct Item {
        std::string name;
        std::optional<std::string> value;
        std::string comment;
    };
    std::vector<Item> items;
};
struct Env {
    std::vector<KeyValue> values;
};
struct Label {
    std::vector<KeyValue> values;
};
struct Maintainer {
    std::string name;
};
struct Copy {
    bool is_add = false;
    std::vector<std::string> sources;
    std::vector<Heredoc> inline_files; ///< in the order of their words among all sources
    std::string destination;
    std::string from; ///< empty: the context
    std::string chown, chmod;
    bool link = false, parents = false;
    std::vector<std::string> excludes;
    std::optional<bool> keep_git_dir, unpack;
    std::string checksum;
};
struct Run {
    CommandLine command;
    std::vector<MountFlag> mounts;
    std::string network;              ///< "", "default", "none", "host"
    std::string security;             ///< "", "sandbox", "insecure"
    std::vector<std::string> devices; ///< parse_device() of device_flag.hh types them; already checked
};
struct Cmd {
    CommandLine command;
};
struct Entrypoint {
    CommandLine command;
};
struct Shell {
    std::vector<std::string> words;
};
struct Healthcheck {
    std::vector<std::string> test; ///< {"NONE"} | {"CMD", …} | {"CMD-SHELL", text}
    std::int64_t interval = 0, timeout = 0, start_period = 0, start_interval = 0; ///< nanoseconds
    int retries = 0;
};
struct Expose {
    std::vector<std::string> ports; ///< sorted; after expansion parse_port() of ports.hh types them
};
struct Volume {
    std::vector<std::string> paths;
};
struct User {
    std::string user;
};
struct Workdir {
    std::string path;
};
struct StopSignal {
    std::string signal;
};
struct OnBuild {
    std::string text; ///< source of the trigger, heredoc bodies appended
};

using InstructionBody = std::variant<From, Arg, Env, Label, Maintainer, Copy, Run, Cmd, Entrypoint, Shell,
                                     Healthcheck, Expose, Volume, User, Workdir, StopSignal, OnBuild>;

struct Instruction {
    InstructionBody body;
    std::string keyword;         ///< lower case
    std::string written_keyword; ///< as written
    std::string original;        ///< the logical line
    std::vector<std::string> comments;
    SourceSpan where;
};

/// A FROM and what follows it.
struct StageSource {
    From from;
    Instruction from_instruction;
    std::vector<Instruction> instructions; ///< without the FROM
    SourceSpan where;
};

struct Program {
    std::vector<Instruction> global_args; ///< ARGs before the first FROM
    std::vector<StageSource> stages;
};

/// One instruction. Throws Error (dockerfile) with span and "did you mean".
[[nodiscard]] Instruction parse_instruction(const Node &node);
/// The whole file; at least one stage or Error.
[[nodiscard]] Program parse_program(const Ast &ast);
/// As parse_program(), but ARGs without any stage are fine.
[[nodiscard]] Program parse_instructions(const Ast &ast);
/// The text of the doc comment "NAME text" among `comments`; empty if there is none.
[[nodiscard]] std::string doc_comment(const std::vector<std::string> &comments, std::string_view name);

} // namespace mica::dockerfile
