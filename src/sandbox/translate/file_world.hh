#pragma once
/// @file
/// What the handlers of a translated command's calls share.
#include "sandbox/chroot/secret_files.hh"
#include "sandbox/supervisor/fake_world.hh"
#include "sandbox/translate/handed_files.hh"
#include "sandbox/translate/translated_paths.hh"

namespace mica::sandbox {

/// All must outlive it. Handlers are called from several threads.
struct FileWorld {
    const FakeWorld &fake;
    const TranslatedPaths &paths;
    const SecretFiles &secrets;
    HandedFiles &handed;
};

} // namespace mica::sandbox
