#include "oracle/fixed_base.hh"

namespace mica::oracle {

plan::BaseImage FixedBase::image(const std::string &name, const oci::Platform & /*platform*/,
                                 const SourceSpan & /*where*/)
{
    plan::BaseImage base;
    base.name = name;
    base.config.platform = {"linux", "amd64", "", "", {}};
    base.config.config.env = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
    base.config.config.cmd = {"sh"};
    base.config.diff_ids.push_back(Digest::parse("sha256:" + std::string(63, '0') + "1"));
    oci::History entry;
    entry.created_by = "base";
    base.config.history.push_back(entry);
    return base;
}

plan::Resolver::NamedContext FixedBase::named_context(const std::string & /*name*/)
{
    return NamedContext::none;
}

std::optional<std::int64_t> FixedBase::source_date(const DateSource & /*source*/)
{
    return std::nullopt;
}

} // namespace mica::oracle
