# shellcheck shell=bash
# `. scripts/env.sh` in bash: the tools that ./boardwalk builds with, for commands by hand (mvn, cargo, npm).
# Fetches what is missing, as `./boardwalk up` does.

SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$SCRIPTS/lib.sh"
# shellcheck source=packages.sh
. "$SCRIPTS/packages.sh"
# shellcheck source=postgres.sh
. "$SCRIPTS/postgres.sh"
# shellcheck source=tools.sh
. "$SCRIPTS/tools.sh"

if (set -e && ensure_build_tools); then
  use_build_tools
  PATH=$(dirname "$MAVEN"):$PATH
fi
