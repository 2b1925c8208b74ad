# shellcheck shell=bash
# Tests of the private box: choosing mirrors, fetching, unpacking, repair. Packages are made here and "downloaded" from
# a folder; everything else is what runs for real.

test_mirrors_come_from_both_forms_of_sources() {
  mkdir -p etc/sources.list.d
  cat >etc/sources.list <<'LIST'
# deb http://old.invalid/debian buster main
deb [signed-by=/x arch=amd64] http://one.invalid/debian/ bookworm main contrib
deb-src http://sources.invalid/debian bookworm main
deb http://security.invalid/debian-security bookworm-security main
LIST
  cat >etc/sources.list.d/two.sources <<'SOURCES'
Types: deb deb-src
URIs: http://two.invalid/debian
  http://three.invalid/debian
Suites: trixie
Components: main

Enabled: no
Types: deb
URIs: http://off.invalid/debian
Components: main

Types: deb
URIs: https://packages.invalid/other
Components: main
SOURCES
  echo 'deb http://one.invalid/debian trixie main' >etc/sources.list.d/three.list
  equals "http://one.invalid/debian http://two.invalid/debian http://three.invalid/debian https://packages.invalid/other " \
    "$(machine_mirrors etc | tr '\n' ' ')"
}

# A package with one program, and a list of it as "closure" writes it. Fetching one takes as long as $1 says.
make_shop() {
  mkdir -p shop/tool/DEBIAN shop/tool/usr/bin shop/tool/usr/share/tool
  printf 'Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x.invalid>\nDescription: x\n' >shop/tool/DEBIAN/control
  printf '#!/bin/sh\necho works\n' >shop/tool/usr/bin/tool
  head -c 300000 /dev/urandom >shop/tool/usr/share/tool/data
  ln -s /usr/share/tool/data shop/tool/usr/share/tool/link
  chmod 755 shop/tool/usr/bin/tool
  dpkg-deb --build --root-owner-group shop/tool shop/tool_1_all.deb >/dev/null
  shop=$PWD/shop
  export BOARDWALK_CACHE=$PWD/cache
  lists_are_fresh() { true; }
  choose_patchelf() { true; }
  closure() {
    echo "tool_1_all.deb $(stat -c %s "$shop/tool_1_all.deb") $(sha256sum "$shop/tool_1_all.deb" | cut -d ' ' -f 1) tool=1"
  }
  # In place of apt-get download: first half of the bytes, a pause, then the whole.
  private_apt() {
    echo x >>"$shop/fetched"
    head -c 100000 "$shop/tool_1_all.deb" >tool_1_all.deb
    sleep "$(cat "$shop/pause" 2>/dev/null || echo 0)"
    cp "$shop/tool_1_all.deb" .
  }
}

fetched() { wc -l <"$shop/fetched"; }

test_a_group_is_fetched_once_and_then_there() {
  make_shop
  ensure_group thing "A thing" tool
  equals works "$("$(group_home thing)/usr/bin/tool")"
  equals 300000 "$(stat -L -c %s "$(group_home thing)/usr/share/tool/link")"
  ensure_group thing "A thing" tool
  equals 1 "$(fetched)"
}

test_a_download_that_was_killed_is_repaired_by_the_next_run() {
  make_shop
  echo 30 >shop/pause
  (set -m && ensure_group thing "A thing" tool) &
  local run=$!
  eventually 10 test -s "$BOARDWALK_CACHE/box/packages/tool_1_all.deb"
  kill_family "$run"
  echo 0 >shop/pause
  [ ! -e "$(group_home thing)" ] || fail "a half fetched group looks finished"
  ensure_group thing "A thing" tool
  equals works "$("$(group_home thing)/usr/bin/tool")"
}

test_an_unpacking_that_was_killed_is_repaired_by_the_next_run() {
  make_shop
  unpack_packages() {
    mkdir -p "$3/usr/bin"
    echo half >"$3/usr/bin/tool"
    sleep 30
  }
  ensure_group thing "A thing" tool &
  local run=$!
  eventually 10 test -s "$BOARDWALK_CACHE/box/making/thing/usr/bin/tool"
  kill_family "$run"
  # shellcheck source=../packages.sh
  . "$SCRIPTS/packages.sh"
  make_shop
  ensure_group thing "A thing" tool
  equals works "$("$(group_home thing)/usr/bin/tool")"
}

test_a_folder_without_its_stamp_is_made_again() {
  make_shop
  ensure_group thing "A thing" tool
  rm "$(group_home thing)/.stamp" "$(group_home thing)/usr/bin/tool"
  ensure_group thing "A thing" tool
  equals works "$("$(group_home thing)/usr/bin/tool")"
}

test_a_package_with_a_wrong_checksum_is_not_unpacked() {
  make_shop
  private_apt() { head -c 1000 /dev/zero >tool_1_all.deb; }
  refresh_lists() { true; }
  answers 1 ensure_group thing "A thing" tool
  holds "does not have the checksum" "$said"
  [ ! -e "$(group_home thing)" ] || fail "a damaged package was unpacked"
}

test_two_runs_at_once_make_a_group_once() {
  make_shop
  echo 1 >shop/pause
  ensure_group thing "A thing" tool &
  local one=$!
  ensure_group thing "A thing" tool &
  wait "$one" || fail "the first run failed"
  wait $! || fail "the second run failed"
  equals 1 "$(fetched)"
  equals works "$("$(group_home thing)/usr/bin/tool")"
}

test_a_moved_cache_is_set_up_for_its_new_place() {
  make_shop
  ensure_group thing "A thing" tool
  mv cache elsewhere
  export BOARDWALK_CACHE=$PWD/elsewhere
  ! group_ready thing || fail "a moved group counts as ready"
  ensure_group thing "A thing" tool
  equals 1 "$(fetched)"
  group_ready thing || fail "not ready in its new place"
}

test_places_of_the_machine_become_places_of_the_box() {
  # shellcheck disable=SC2016 # $ORIGIN is the loader's word
  equals '$ORIGIN:/box/g/usr/lib/pulse:/box/g/usr/lib' "$(merged_rpath '$ORIGIN:/usr/lib/pulse' /box/g/usr/lib /box/g)"
  equals '/new/g/usr/lib/pulse:/new/g/usr/lib' "$(merged_rpath /old/g/usr/lib/pulse:/old/g/usr/lib /new/g/usr/lib /new/g)"
}

test_a_step_shows_its_last_words_when_it_fails() {
  speak() {
    echo "no such thing"
    return 3
  }
  answers 3 step "Doing a thing" : speak
  holds "Doing a thing failed" "$said"
  holds "no such thing" "$said"
}

test_a_long_step_shows_that_it_goes_on() {
  half() { bar 1 2; }
  answers 0 step "Doing a thing" half sleep 3
  holds "… Doing a thing [############            ] 50 %" "$said"
  holds "✓ Doing a thing" "$said"
}

test_a_signal_ends_what_a_step_started() {
  cat >launcher <<SCRIPT
#!/usr/bin/env bash
set -euo pipefail
. "$SCRIPTS/lib.sh"
clean_up_at_exit
work() { sleep 77.5 & echo \$! >"$PWD/worker"; wait; }
step "Working" : work
SCRIPT
  mkdir scratch
  TMPDIR=$PWD/scratch bash launcher &
  local launcher=$! status=0
  eventually 10 test -s worker
  kill -TERM "$launcher"
  wait "$launcher" || status=$?
  equals 143 "$status"
  eventually 5 is_gone "$(cat worker)"
  equals "" "$(ls scratch)"
}

is_gone() { ! kill -0 "$1" 2>/dev/null; }

# kill_family PID: kill -9 for a process and all below it.
kill_family() {
  local child
  while read -r child; do
    kill_family "$child"
  done < <(awk -v parent="$1" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2>/dev/null)
  kill -KILL "$1" 2>/dev/null || true
}
