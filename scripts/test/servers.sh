# shellcheck shell=bash
# Tests of scripts/private-postgres with a real server.

start_postgres() {
  "$SCRIPTS/private-postgres" "$@" &
  server=$!
  trap 'kill -INT "$server" 2>/dev/null && wait "$server"' EXIT
  eventually 30 server_is_ready "$1" "$server"
}

server_is_ready() {
  kill -0 "$2" || fail "the server has ended"
  [[ $(sed -n '1p;8p' "$1/postgres/postmaster.pid" 2>/dev/null | tr '\n' ' ') == "$2 ready"* ]]
}

ask() {
  PGPASSWORD=$(cat data/postgres.password) "$(postgres_bin)/psql" -X -A -t -h 127.0.0.1 -p "$port" -U boardwalk -c "$1" postgres
}

test_private_postgres_makes_runs_survives_and_stops() {
  port=$(free_port)
  mkdir -p data/postgres.new # what an interrupted initdb leaves
  echo half >data/postgres.new/PG_VERSION
  start_postgres data "$port"
  equals "$server" "$(head -n 1 data/postgres/postmaster.pid)"
  equals 600 "$(stat -c %a data/postgres.password)"
  equals "age|off|on" "$(ask "select current_setting('shared_preload_libraries'), current_setting('jit'), current_setting('fsync')" | tr -d '\n')"
  ask "create extension age; create extension vector; create extension pg_trgm; create table t (x int); insert into t values (7)" >/dev/null

  answers 75 "$SCRIPTS/private-postgres" data "$port"
  equals "$server" "$said"

  kill -KILL "$server"
  wait "$server" || true
  start_postgres data "$port"
  equals 7 "$(ask "select x from t")"

  kill -INT "$server"
  wait "$server" || fail "the server did not stop well"
}

test_private_postgres_refuses_wrong_arguments() {
  answers 2 "$SCRIPTS/private-postgres" data
  holds usage "$said"
  answers 2 "$SCRIPTS/private-postgres" data 70000
  holds "not in 1..65535" "$said"
}

test_private_postgres_does_not_touch_what_is_not_its_own() {
  mkdir -p data/postgres
  echo mine >data/postgres/file
  answers 1 "$SCRIPTS/private-postgres" data "$(free_port)"
  holds "is not a database of PostgreSQL" "$said"
  equals mine "$(cat data/postgres/file)"
}

test_private_postgres_names_the_version_that_does_not_fit() {
  mkdir -p data/postgres
  echo 12 >data/postgres/PG_VERSION
  answers 1 "$SCRIPTS/private-postgres" data "$(free_port)"
  holds "was made by PostgreSQL 12" "$said"
}
