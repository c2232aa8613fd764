#pragma once
/// @file
/// Providers whose logins end: what a registry refused can be asked for anew.
#include "auth/credentials.hh"

namespace mica::auth {

/// May be called from any thread.
class RenewableProvider : public CredentialProvider {
public:
    /// The registry did not take what find() gave: what is kept of it is not to be given again.
    virtual void refused(const oci::Reference &image, const Credential &credential) = 0;
};

} // namespace mica::auth
