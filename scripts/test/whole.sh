# shellcheck shell=bash
# Tests of `./boardwalk up` as a whole, with what was built.

# The first start may have to build.
start_up() {
  "$ROOT/boardwalk" up --port 0 --data data >up.log 2>&1 &
  up=$!
  trap 'kill -TERM "$up" 2>/dev/null && wait "$up"' EXIT
  eventually 600 is_up
  address=$(sed -n 's/^Boardwalk is ready at //p' up.log)
}

is_up() {
  kill -0 "$up" 2>/dev/null || fail "up has ended: $(tail -n 30 up.log)"
  grep -qs '^Boardwalk is ready at http://127.0.0.1:[0-9]*$' up.log
}

# status_of PATH: the first line of the answer.
status_of() {
  local host_port=${address#http://} line
  exec 3<>"/dev/tcp/${host_port%:*}/${host_port#*:}"
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" "$host_port" >&3
  read -r line <&3
  exec 3>&-
  printf '%s' "${line%$'\r'}"
}

# How many times more work than processors there is besides: what takes a second then takes so many.
busyness() { awk -v processors="$(nproc)" '{ n = $1 / processors; print n < 1 ? 1 : int(n + 1) }' /proc/loadavg; }

test_up_runs_stops_and_comes_back_quickly() {
  local first database
  unset DATABASE_URL
  start_up
  first=$up
  equals "$first" "$(head -n 1 data/run/boardwalk.pid)"
  equals "HTTP/1.1 200 OK" "$(status_of /readyz)"
  database=$(head -n 1 data/postgres/postmaster.pid)

  answers 2 "$ROOT/boardwalk" up --port 0 --data data
  holds "process id $first" "$said"

  kill -TERM "$first"
  wait "$first" || fail "up did not end with 0: $(tail -n 30 up.log)"
  is_gone "$database" || fail "the private database still runs"

  SECONDS=0
  start_up
  [ "$SECONDS" -le $((10 * $(busyness))) ] || fail "the second start took $SECONDS s"
  kill -TERM "$up"
  wait "$up" || fail "up did not end with 0: $(tail -n 30 up.log)"
}
