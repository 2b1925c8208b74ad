# shellcheck shell=bash
# The words the launcher speaks with: messages, timed steps with progress, locks. Sourced, never run.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "boardwalk: $*"
  exit 1
}

# A mistake of the caller: exit 2, as the contract says.
refuse() {
  say "boardwalk: $*"
  exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 3.8.7 3.8 -> true when the first version is not older than the second.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | LC_ALL=C sort -V | head -n 1)" = "$2" ]
}

megabytes() { printf '%d' $((($1 + 999999) / 1000000)); }

cache_folder() {
  local cache=${BOARDWALK_CACHE:-}
  if [ -z "$cache" ]; then
    [ -n "${HOME:-}" ] || die "neither BOARDWALK_CACHE nor HOME is set: no place for downloads and built tools"
    cache=$HOME/.cache/boardwalk
  fi
  case $cache in
    /*) printf '%s' "$cache" ;;
    *) printf '%s/%s' "$PWD" "$cache" ;;
  esac
}

# with_lock FILE COMMAND...: one process at a time; a waiting one says for what it waits.
with_lock() {
  local file=$1 status=0 lock
  shift
  mkdir -p "$(dirname "$file")"
  exec {lock}>>"$file"
  if ! flock -n "$lock"; then
    say "  … another boardwalk is preparing the same thing; waiting for it"
    flock "$lock"
  fi
  "$@" || status=$?
  exec {lock}>&-
  return "$status"
}

# What is to be stopped and removed when the launcher ends early: set by the functions below and by the tests.
child=""
scratch=""
temporary=()

# Ends what was started, however the launcher ends. `exec` of the server replaces all this.
clean_up_at_exit() {
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  trap clean_up EXIT
}

clean_up() {
  if [ -n "$child" ]; then kill -TERM -- "-$child" 2>/dev/null || true; fi
  if declare -F stop_test_server >/dev/null; then stop_test_server; fi
  [ -z "$scratch" ] || rm -rf "$scratch"
  rm -f ${temporary[@]+"${temporary[@]}"}
}

# temporary_file VARIABLE: puts the name of a new file, which goes with the launcher at the latest, into the variable.
temporary_file() {
  local -n name_of_file=$1
  name_of_file=$(mktemp "${TMPDIR:-/tmp}/boardwalk.XXXXXX")
  temporary+=("$name_of_file")
}

# start_child COMMAND...: runs it in a process group of its own, so that a signal to us can end all of it.
start_child() {
  set -m
  "$@" </dev/null &
  child=$!
  set +m
}

# The status of the child, which is then forgotten.
end_of_child() {
  local status=0
  wait "$child" || status=$?
  child=""
  return "$status"
}

# run_child COMMAND...: as if run in the foreground, but signals are answered at once.
run_child() {
  start_child "$@"
  end_of_child
}

# step NAME PROBE COMMAND...: runs the command with its output in a log and shows how far it is once it takes
# more than two seconds. PROBE is a command that prints a count such as "12/50 MB"; ":" prints nothing.
step() {
  local name=$1 probe=$2 log status=0 started=$SECONDS shown=0 next=10 elapsed
  shift 2
  temporary_file log
  start_child "$@" >"$log" 2>&1
  while kill -0 "$child" 2>/dev/null; do
    sleep 0.2
    elapsed=$((SECONDS - started))
    [ "$elapsed" -ge 2 ] || continue
    if [ -t 2 ]; then
      printf '\r\033[K  … %s %s (%d s)' "$name" "$($probe 2>/dev/null || true)" "$elapsed" >&2
      shown=1
    elif [ "$shown" = 0 ] || [ "$elapsed" -ge "$next" ]; then
      say "  … $name $($probe 2>/dev/null || true) ($elapsed s)"
      [ "$shown" = 0 ] || next=$((elapsed + 10))
      shown=1
    fi
  done
  end_of_child || status=$?
  elapsed=$((SECONDS - started))
  [ -t 2 ] && [ "$shown" = 1 ] && printf '\r\033[K' >&2
  if [ "$status" != 0 ]; then
    say "  ✗ $name failed after $elapsed s; its last lines:"
    tail -n 40 "$log" | sed 's/^/    /' >&2
    rm -f "$log"
    return "$status"
  fi
  [ "$shown" = 0 ] || say "  ✓ $name ($elapsed s)"
  rm -f "$log"
}
