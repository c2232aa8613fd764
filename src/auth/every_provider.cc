#include "auth/aws/ecr_provider.hh"
#include "auth/clouds.hh"

namespace mica::auth {

std::unique_ptr<CredentialProvider> every_provider(net::Client &network, const Variables &variables,
                                                   const Clock &clock, aws::KeyRing &keys, EventBus &bus,
                                                   const std::stop_token &stop)
{
    std::vector<std::unique_ptr<CredentialProvider>> all;
    all.push_back(docker_config_provider());
    all.push_back(gitlab_provider(variables));
    all.push_back(aws::ecr_provider(keys, bus, stop));
    all.push_back(google_provider(network, variables, clock, stop));
    all.push_back(azure_provider(network, variables, clock, stop));
    return chain(std::move(all));
}

} // namespace mica::auth
