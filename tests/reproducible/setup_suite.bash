# The bases and the registry of the functional tests.
# shellcheck source=tests/functional/setup_suite.bash
source "$(dirname "${BASH_SOURCE[0]}")/../functional/setup_suite.bash"
