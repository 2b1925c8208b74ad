# shellcheck shell=bash
# `test`: every test against real components, and one line at the end that counts what ran.

test_server=""

# run_tests [MAVEN ARGUMENTS]: with arguments it is `maven verify` with them; without, everything there is.
run_tests() {
  local status=0 totals sources
  ensure_test_tools
  use_build_tools
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/boardwalk-test.XXXXXX")
  start_test_server "$scratch"
  BOARDWALK_HOME=$HOME_FOLDER
  BOARDWALK_CHROMIUM=$(place_of "$(find_chromium)")
  BOARDWALK_MINIO=$(place_of "$(find_minio)")
  export BOARDWALK_HOME BOARDWALK_CHROMIUM BOARDWALK_MINIO
  : >"$scratch/counts"
  : >"$scratch/failed"
  : >"$scratch/started"
  sources=$(stamp_of_module gateway)
  run_child maven --fail-at-end --no-transfer-progress verify "$@" || status=1
  count_java_tests "$scratch"
  if [ $# = 0 ]; then
    # What was tested is what `up` would build.
    [ "$status" != 0 ] || echo "$sources" >"$(stamp_file gateway)"
    test_rust "$scratch" || status=1
    test_launcher "$scratch" || status=1
  fi
  totals=$(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$scratch/counts")
  cat "$scratch/failed"
  # shellcheck disable=SC2086 # three numbers
  summary "$status" $totals
}

ensure_test_tools() {
  ensure_build_tools
  ensure_postgres
  ensure_chromium
  ensure_pgbackrest
  ensure_minio
}

# One server for the whole run: each test makes and drops databases of its own in it.
start_test_server() {
  local folder=$1 tries port
  for ((tries = 0; tries < 5; tries++)); do
    port=$((20000 + RANDOM % 12000))
    ! port_taken "$port" || continue
    "$SCRIPTS/private-postgres" "$folder" "$port" &
    test_server=$!
    if server_ready "$folder" "$test_server"; then
      BOARDWALK_TEST_DATABASE_URL=postgresql://boardwalk:$(cat "$folder/postgres.password")@127.0.0.1:$port/postgres
      export BOARDWALK_TEST_DATABASE_URL
      return 0
    fi
  done
  tail -n 20 "$folder/log/postgres.log" >&2 || true
  die "cannot start a PostgreSQL server for the tests"
}

server_ready() {
  local folder=$1 pid=$2 tries
  for ((tries = 0; tries < 600; tries++)); do
    kill -0 "$pid" 2>/dev/null || return 1
    if [[ $(sed -n 8p "$folder/postgres/postmaster.pid" 2>/dev/null) == ready* ]]; then return 0; fi
    sleep 0.1
  done
  return 1
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

stop_test_server() {
  local tries
  if [ -n "$test_server" ] && kill -INT "$test_server" 2>/dev/null; then
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "$test_server" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$test_server" 2>/dev/null || true
    wait "$test_server" 2>/dev/null || true
  fi
  test_server=""
}

# Each part adds a line "passed failed skipped" to the counts.
count() { echo "$2 $3 $4" >>"$1/counts"; }

test_launcher() {
  local output=$1/launcher status=0
  say "== launcher"
  run_child "$SCRIPTS/test/launcher-test" "$output" || status=$?
  # shellcheck disable=SC2046 # three numbers
  if [ -s "$output" ]; then count "$1" $(cat "$output"); else count "$1" 0 1 0; fi
  return "$status"
}

test_rust() {
  local manifest status=0 output=$1/rust
  manifest=$(find "$HOME_FOLDER/crdt" -name Cargo.toml -not -path '*/target/*' | head -n 1)
  [ -n "$manifest" ] || return 0
  say "== crdt, the Rust part"
  run_child cargo_test "$manifest" "$output" || status=$?
  awk '/^test result:/ { p += $4; f += $6; s += $8 } END { print p + 0, f + 0, s + 0 }' "$output" >>"$1/counts"
  return "$status"
}

cargo_test() {
  cargo test --locked --manifest-path "$1" --target-dir "$HOME_FOLDER/crdt/target/rust-test" 2>&1 | tee "$2"
}

count_java_tests() {
  local reports
  mapfile -d '' reports < <(find "$HOME_FOLDER" -path '*/node_modules' -prune -o -path '*/target/*-reports/TEST-*.xml' \
    -newer "$1/started" -print0)
  [ "${#reports[@]}" != 0 ] || return 0
  count_xml "$1" "${reports[@]}"
  failed_of_xml "${reports[@]}" >>"$1/failed"
}

# failed_of_xml FILE...: a line for each test that failed, with the first words of its failure.
failed_of_xml() {
  awk '
    function attribute(text, name,  at, rest) {
      at = index(text, " " name "=\"")
      if (!at) return ""
      rest = substr(text, at + length(name) + 3)
      return substr(rest, 1, index(rest, "\"") - 1)
    }
    /<testcase / { test = attribute($0, "classname") "." attribute($0, "name") }
    /<(failure|error)[ >]/ { print "  failed: " test "  " substr(attribute($0, "message"), 1, 300) }' "$@"
}

# count_xml FOLDER FILE...: sums up the tests, failures, errors and skipped of JUnit's XML.
count_xml() {
  local folder=$1
  shift
  awk '
    function number(name,  at, rest) {
      at = match(tag, " " name "=\"[0-9]+\"")
      if (!at) return 0
      rest = substr(tag, RSTART + length(name) + 3)
      return rest + 0
    }
    /<testsuite / { inside = 1; tag = "" }
    inside { tag = tag " " $0 }
    inside && />/ {
      inside = 0
      tests += number("tests"); failed += number("failures") + number("errors"); skipped += number("skipped")
    }
    END { print tests - failed - skipped, failed + 0, skipped + 0 }' "$@" >>"$folder/counts"
}

# summary STATUS PASSED FAILED SKIPPED: the last line of all. What failed, was skipped or did not run is a failure.
summary() {
  [ "$1" = 0 ] || [ "$3" -gt 0 ] || say "boardwalk: no test failed, but the build or a test program did; see above"
  [ "$2" -gt 0 ] || say "boardwalk: no test ran"
  [ "$4" = 0 ] || say "boardwalk: skipped tests count as failures"
  echo "$2 passed, $3 failed, $4 skipped"
  [ "$1" = 0 ] && [ "$2" -gt 0 ] && [ "$3" = 0 ] && [ "$4" = 0 ]
}
