# shellcheck shell=bash
# `up`: checks what it was told, makes everything ready, then becomes the server.

up() {
  local data=${BOARDWALK_DATA:-.boardwalk} arguments=() name value pid
  while [ $# -gt 0 ]; do
    name=${1%%=*}
    case $name in
      --port | --host | --data | --gateways) ;;
      --help | -h) cat "$SCRIPTS/help.txt" && return ;;
      *) refuse "up: unknown argument '$1'; known are --port N, --host H, --data DIR and --gateways N" ;;
    esac
    case $1 in
      *=*)
        value=${1#*=}
        shift
        ;;
      *)
        [ $# -ge 2 ] || refuse "up: $name needs a value"
        value=$2
        shift 2
        ;;
    esac
    [ -n "$value" ] || refuse "up: $name needs a value"
    case $name in
      --port) whole_number --port "$value" 0 65535 ;;
      --gateways)
        whole_number --gateways "$value" 1 16
        [ "$value" -gt 1 ] || continue
        ;;
      --data) data=$value ;;
    esac
    arguments+=("$name" "$value")
  done
  if pid=$(running_server "$data"); then
    refuse "up: $data is in use by the Boardwalk with process id $pid; stop it (kill $pid) or choose another folder with --data"
  fi
  ensure_jdk
  [ -n "${DATABASE_URL:-}" ] || ensure_postgres
  server up ${arguments[@]+"${arguments[@]}"}
}

# on_stored_data COMMAND...: compact or verify; the program knows their arguments.
on_stored_data() {
  ensure_jdk
  [ -n "${DATABASE_URL:-}" ] || ensure_postgres
  server "$@"
}

# print_token ARGUMENTS: needs no database.
print_token() {
  ensure_jdk
  server token "$@"
}

whole_number() {
  { [[ $2 =~ ^[0-9]{1,6}$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ]; } || refuse "up: $1 must be a number from $3 to $4, not '$2'"
}

# running_server DATA: the process id of the server of that folder, if it is alive.
running_server() {
  local pid
  pid=$(head -n 1 "$1/run/boardwalk.pid" 2>/dev/null) || return 1
  [[ $pid =~ ^[0-9]+$ ]] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF " $SERVER_MAIN " && echo "$pid"
}
