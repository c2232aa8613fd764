#pragma once
/// @file
/// The build checks by name. Names, descriptions and addresses are those that users
/// know from `docker build --check`, so that "skip=" lists and documentation apply.
#include <cstdint>
#include <string_view>

namespace mica::plan {

enum class Rule : std::uint8_t {
    stage_name_casing,
    from_as_casing,
    no_empty_continuation,
    consistent_instruction_casing,
    duplicate_stage_name,
    reserved_stage_name,
    json_args_recommended,
    maintainer_deprecated,
    undefined_arg_in_from,
    workdir_relative_path,
    undefined_var,
    multiple_instructions_disallowed,
    legacy_key_value_format,
    invalid_base_image_platform,
    redundant_target_platform,
    secrets_used_in_arg_or_env,
    invalid_default_arg_in_from,
    from_platform_flag_const_disallowed,
    copy_ignored_file,
    invalid_definition_description,
    expose_proto_casing,
    expose_invalid_format,
};

struct RuleText {
    std::string_view name, description;
    std::string_view url;      ///< empty: no page
    bool experimental = false; ///< off unless asked for
};

[[nodiscard]] RuleText text_of(Rule rule);

} // namespace mica::plan
