# shellcheck shell=bash
# What a test of the launcher can ask. A check that fails says what was wanted and ends its test.

fail() {
  echo "FAILED: $*"
  exit 1
}

equals() { [ "$1" = "$2" ] || fail "wanted '$1' but got '$2'"; }
holds() { grep -qF -- "$1" <<<"$2" || fail "wanted '$1' in: $2"; }
holds_not() { ! grep -qF -- "$1" <<<"$2" || fail "did not want '$1' in: $2"; }

# answers STATUS COMMAND...: runs it, keeps what it said in $said, and checks how it ended.
answers() {
  local wanted=$1 status=0
  shift
  said=$("$@" 2>&1) || status=$?
  [ "$status" = "$wanted" ] || fail "'$*' ended with $status, not $wanted, and said: $said"
}

# eventually SECONDS COMMAND...
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "did not happen in time: $*"
    sleep 0.1
  done
}

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    port_taken "$port" || break
  done
  echo "$port"
}
