# shellcheck shell=bash
# Tests of what ./boardwalk answers without starting anything.

test_unknown_command_is_refused_with_a_hint() {
  answers 2 "$ROOT/boardwalk" dance
  holds "unknown command 'dance'" "$said"
  holds "./boardwalk help" "$said"
}

test_help_names_every_command_and_setting() {
  local word
  answers 0 "$ROOT/boardwalk" help
  for word in "up [--port N] [--host H] [--data DIR] [--gateways N]" "test [maven arguments]" doctor bench \
    DATABASE_URL BOARDWALK_HOST BOARDWALK_PORT BOARDWALK_DATA BOARDWALK_CACHE_BYTES BOARDWALK_FLUSH_INTERVAL \
    BOARDWALK_SNAPSHOT_INTERVAL BOARDWALK_OPERATION_RETENTION BOARDWALK_AUTH BOARDWALK_MAX_; do
    holds "$word" "$said"
  done
}

test_up_refuses_what_it_does_not_understand() {
  answers 2 "$ROOT/boardwalk" up --prot 80
  holds "unknown argument '--prot'" "$said"
  answers 2 "$ROOT/boardwalk" up --port
  holds "--port needs a value" "$said"
  answers 2 "$ROOT/boardwalk" up --port 65536
  holds "--port must be a number from 0 to 65535, not '65536'" "$said"
  answers 2 "$ROOT/boardwalk" up --port=
  holds "--port needs a value" "$said"
  answers 2 "$ROOT/boardwalk" up --gateways zero
  holds "--gateways must be a number" "$said"
}

test_up_on_a_folder_in_use_names_the_process() {
  mkdir -p data/run
  (exec -a "java -cp x $SERVER_MAIN up" sleep 30) &
  local server=$!
  echo "$server" >data/run/boardwalk.pid
  eventually 5 running_server data
  answers 2 "$ROOT/boardwalk" up --data data
  holds "process id $server" "$said"
  answers 2 env BOARDWALK_DATA=data "$ROOT/boardwalk" up
  kill "$server"
}

test_a_left_over_process_id_does_not_count_as_running() {
  mkdir -p data/run
  ! running_server data || fail "no file, but running"
  echo $$ >data/run/boardwalk.pid # alive, but another program
  ! running_server data || fail "another program counts as the server"
  echo "not a number" >data/run/boardwalk.pid
  ! running_server data || fail "a damaged file counts as the server"
}

test_doctor_explains_what_it_chose() {
  answers 0 "$ROOT/boardwalk" doctor --data "$PWD/data"
  for word in "JDK 25" Maven Rust linker Node npm "PostgreSQL >= 18" "Apache AGE >= 1.8.0" pgvector Chromium pgBackRest disk \
    "./boardwalk up can work here."; do
    holds "$word" "$said"
  done
  [ ! -e data ] || fail "doctor made the data folder"
}

test_doctor_fails_for_a_port_that_is_taken() {
  local port=${BOARDWALK_TEST_DATABASE_URL##*:}
  BOARDWALK_PORT=${port%%/*} answers 1 "$ROOT/boardwalk" doctor
  holds "✗ port ${port%%/*}" "$said"
  holds "choose another with --port" "$said"
}

test_doctor_looks_into_the_database_it_is_given() {
  DATABASE_URL=$BOARDWALK_TEST_DATABASE_URL answers 0 "$ROOT/boardwalk" doctor
  holds "reachable as boardwalk, database postgres" "$said"
  holds "✓ extension age" "$said"
  holds "✓ extension vector" "$said"
  holds "✓ right to make schemas" "$said"
  holds_not "${BOARDWALK_TEST_DATABASE_URL#*:*:}" "$said"
}

test_doctor_says_which_rights_are_missing() {
  local psql role=doctor_$$
  psql=$(postgres_bin)/psql
  "$psql" -q -c "create role $role login password 'secret'" "$BOARDWALK_TEST_DATABASE_URL"
  DATABASE_URL=postgresql://$role:secret@${BOARDWALK_TEST_DATABASE_URL#*@} answers 1 "$ROOT/boardwalk" doctor
  "$psql" -q -c "drop role $role" "$BOARDWALK_TEST_DATABASE_URL"
  holds "✗ right to make schemas" "$said"
  holds "grant create on database postgres to $role" "$said"
  holds "✗ right to extensions" "$said"
  holds_not secret "$said"
}

test_doctor_fails_for_a_database_out_of_reach() {
  DATABASE_URL=postgresql://nobody:secret@127.0.0.1:$(free_port)/x answers 1 "$ROOT/boardwalk" doctor
  holds "✗ DATABASE_URL" "$said"
  holds "cannot be used" "$said"
  holds_not secret "$said"
  DATABASE_URL=mysql://x answers 1 "$ROOT/boardwalk" doctor
  holds "does not begin with postgresql://" "$said"
}

test_a_cache_folder_that_cannot_be_known_is_an_error() {
  answers 1 env -u HOME -u BOARDWALK_CACHE "$ROOT/boardwalk" doctor
  holds "neither BOARDWALK_CACHE nor HOME is set" "$said"
}

test_versions_are_compared_as_numbers() {
  at_least 3.10.1 3.8 || fail "3.10.1 is newer than 3.8"
  at_least 25 25 || fail "the same will do"
  ! at_least 1.7.9 1.8.0 || fail "1.7.9 is older than 1.8.0"
}

test_the_summary_counts_and_fails_for_all_that_did_not_pass() {
  mkdir counts
  cat >a.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="A" time="0.1"
    tests="5" errors="1" skipped="1" failures="1" flakes="0">
  <testcase name="tests=&quot;9&quot;"/>
</testsuite>
XML
  cat >b.xml <<'XML'
<testsuites name="all" tests="3" failures="0"><testsuite name="b" tests="3" failures="0" errors="0" skipped="0"><testcase/></testsuite></testsuites>
XML
  count_xml counts a.xml b.xml
  equals "5 2 1" "$(cat counts/counts)"
  answers 0 summary 0 7 0 0
  equals "7 passed, 0 failed, 0 skipped" "$said"
  answers 1 summary 0 7 1 0
  answers 1 summary 0 7 0 1
  answers 1 summary 0 0 0 0
  answers 1 summary 1 7 0 0
  equals "7 passed, 0 failed, 0 skipped" "$(tail -n 1 <<<"$said")"
}

test_the_tests_that_failed_are_named() {
  cat >c.xml <<'XML'
<testsuite name="C" tests="3" failures="1" errors="1" skipped="0">
  <testcase name="passes" classname="org.C" time="0.1"/>
  <testcase name="fails(int)[1]" classname="org.C" time="0.1">
    <failure message="expected: 1 but was: 2" type="AssertionError">at org.C</failure>
  </testcase>
  <testcase name="breaks" classname="org.C" time="0.1">
    <error type="java.io.IOException">at org.C</error>
  </testcase>
</testsuite>
XML
  equals "  failed: org.C.fails(int)[1]  expected: 1 but was: 2
  failed: org.C.breaks  " "$(failed_of_xml c.xml)"
}
