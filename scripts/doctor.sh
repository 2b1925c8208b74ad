# shellcheck shell=bash
# `doctor`: what was found, what is chosen and why, what is missing and how to get it. Changes nothing.

doctor() {
  doctor_failed=0
  local data=${BOARDWALK_DATA:-.boardwalk}
  while [ $# -gt 0 ]; do
    case $1 in
      --data)
        [ $# -ge 2 ] || refuse "doctor: --data needs a value"
        data=$2
        shift 2
        ;;
      *) refuse "doctor: unknown argument '$1'; known is --data DIR" ;;
    esac
  done
  heading "Tools to build and run with (the machine's own first, else those of the box in $(box_folder))"
  report "JDK $JAVA_VERSION" "$(find_jdk)" get "$(jdk_rejected)"
  report "Maven >= $MAVEN_MIN" "$(find_maven)" get
  report "Rust >= $RUST_MIN" "$(find_rust)" get
  report "C linker for Rust" "$(find_linker)" get
  report "Node >= $NODE_MIN" "$(find_node)" get "$(node_rejected)"
  report "npm" "$(find_npm)" get
  doctor_database
  heading "Tools for the tests only"
  report "Chromium, headless" "$(find_chromium)" get
  report "pgBackRest" "$(find_pgbackrest)" get
  report "MinIO, an S3 for the tests" "$(find_minio)" built
  doctor_source
  doctor_machine "$data"
  if [ "$doctor_failed" = 0 ]; then
    printf '\n%s\n' "./boardwalk up can work here."
  else
    printf '\n%s\n' "./boardwalk up cannot work here until the lines marked with ✗ are dealt with."
  fi
  return "$doctor_failed"
}

heading() { printf '\n%s\n' "$*"; }
good() { printf '  ✓ %-22s %s\n' "$1" "$2"; }
note() { printf '  · %-22s %s\n' "$1" "$2"; }
bad() { printf '  ✗ %-22s %s\n' "$1" "$2" && doctor_failed=1; }

# report NAME FOUND get [REJECTED]: a line about one tool; "get" says that the box can provide it,
# "built" that Go can make it.
report() {
  local place version from why=""
  IFS=$'\t' read -r place version from <<<"$2"
  [ -z "${4:-}" ] || why="; $4"
  if [ -n "$place" ]; then
    good "$1" "$version at $place (from $from$why)"
  elif [ "$3" = built ] && [ -n "$(find_go)" ]; then
    note "$1" "missing$why; './boardwalk test' builds it when it is needed, with $(place_of "$(find_go)")"
  elif box_possible; then
    note "$1" "missing$why; './boardwalk up' or 'test' fetches it into the box when it is needed"
  else
    bad "$1" "missing$why; install it, or run on Debian, where the box can fetch it"
  fi
}

jdk_rejected() {
  local java version
  java=$(readlink -f "$(command -v java || true)" 2>/dev/null) || return 0
  [ -n "$java" ] || return 0
  version=$(jdk_version "$(dirname "$(dirname "$java")")")
  [ "${version%%.*}" = "$JAVA_VERSION" ] || echo "the java in PATH is ${version:-of an unknown version}, which will not do"
}

node_rejected() {
  local version
  version=$(node --version 2>/dev/null) || return 0
  version=${version#v}
  [ "${version%%.*}" -ge "$NODE_MIN" ] || echo "the node in PATH is $version, which will not do"
}

box_possible() {
  have apt-get && have dpkg-deb && [ -r "$KEYRING" ] && [ -n "$(machine_mirrors)" ]
}

doctor_source() {
  local apt
  apt=$(box_folder)/apt
  heading "Where the box gets packages"
  if ! have apt-get || ! have dpkg-deb; then
    note "packages" "no apt-get and dpkg-deb here: all tools must be installed by hand"
  elif [ ! -r "$KEYRING" ]; then
    note "packages" "cannot be verified: $KEYRING is missing (package debian-archive-keyring)"
  elif [ -z "$(machine_mirrors)" ]; then
    note "packages" "no Debian mirror in /etc/apt/sources.list or /etc/apt/sources.list.d"
  else
    note "mirrors" "$(machine_mirrors | tr '\n' ' ')(from /etc/apt, most likely first)"
    if [ -f "$apt/fresh" ]; then
      note "suite" "$(awk '{ print $4 }' "$apt/etc/sources.list"), the first with PostgreSQL >= $POSTGRES_MIN, AGE >= $AGE_MIN and pgvector; read $(date -d "@$(cat "$apt/fresh")" '+%F %R')"
    else
      note "suite" "not chosen yet: the first of stable and testing with PostgreSQL >= $POSTGRES_MIN, AGE >= $AGE_MIN and pgvector"
    fi
  fi
}

doctor_database() {
  local folder lacks bin share
  heading "Database"
  if [ -n "${DATABASE_URL:-}" ]; then
    doctor_database_url
    return
  fi
  while read -r folder; do
    [ -n "$folder" ] || continue
    lacks=$(postgres_lacks "$folder")
    [ -z "$lacks" ] || note "PostgreSQL" "the one at $folder is not used: $lacks"
  done < <(machine_postgres)
  bin=$(postgres_bin)
  if [ -n "$bin" ]; then
    share=$(postgres_share "$bin")
    good "PostgreSQL >= $POSTGRES_MIN" "$("$bin/postgres" --version | awk '{ print $3 }') at $bin"
    good "Apache AGE >= $AGE_MIN" "$(extension_version "$share" age)"
    good "pgvector >= $VECTOR_MIN" "$(extension_version "$share" vector)"
  else
    report "PostgreSQL >= $POSTGRES_MIN" "" get
  fi
  note "DATABASE_URL" "is not set: 'up' runs an own, private server"
}

# The own words of the server, asked in one statement: what it has, and what this login may do.
DOCTOR_QUERY="select current_setting('server_version_num'), current_setting('server_version'),
  coalesce((select max(version) from pg_available_extension_versions where name = 'age'), ''),
  coalesce((select max(version) from pg_available_extension_versions where name = 'vector'), ''),
  coalesce((select max(version) from pg_available_extension_versions where name = 'pg_trgm'), ''),
  (select string_agg(extname, ',') from pg_extension),
  has_database_privilege(current_database(), 'CREATE'),
  (select rolsuper from pg_roles where rolname = current_user),
  (select rolcreaterole or rolsuper from pg_roles where rolname = current_user),
  current_user, current_database(), pg_is_in_recovery(), coalesce((select setting from pg_settings where name = 'shared_preload_libraries'), '?')"

doctor_database_url() {
  local psql answer number version age vector trgm present may_create super may_role user database replica preload
  psql=$(command -v psql || true)
  [ -n "$psql" ] || psql=$(box_postgres_bin)/psql
  if [[ ! $DATABASE_URL =~ ^postgres(ql)?:// ]]; then
    bad "DATABASE_URL" "does not begin with postgresql://"
    return
  fi
  if [ ! -x "$psql" ]; then
    note "DATABASE_URL" "is set; there is no psql here to look into it; 'up' checks it when it starts"
    return
  fi
  if ! answer=$(PGCONNECT_TIMEOUT=10 "$psql" -X -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$DOCTOR_QUERY" "$DATABASE_URL" 2>&1); then
    bad "DATABASE_URL" "cannot be used: $(printf '%s' "$answer" | tr '\n' ' ')"
    return
  fi
  IFS=$'\x1f' read -r number version age vector trgm present may_create super may_role user database replica preload < <(tr '\t' '\037' <<<"$answer")
  good "DATABASE_URL" "reachable as $user, database $database"
  if [ "$number" -ge "${POSTGRES_MIN}0000" ]; then good "server version" "$version"; else bad "server version" "$version; needed is PostgreSQL >= $POSTGRES_MIN"; fi
  [ "$replica" = f ] || bad "server" "is a replica that only reads; name its primary"
  doctor_extension age "$AGE_MIN" "$age" "Apache AGE (package postgresql-$POSTGRES_MIN-age)"
  doctor_extension vector "$VECTOR_MIN" "$vector" "pgvector (package postgresql-$POSTGRES_MIN-pgvector)"
  doctor_extension pg_trgm 1 "$trgm" "PostgreSQL's contrib modules"
  [[ $preload == '?' || ,$preload, == *[,/\ ]age[,.]* ]] || note "age preloaded" "no; with shared_preload_libraries = 'age' sessions need not load it"
  if [ "$may_create" = t ]; then good "right to make schemas" "yes"; else bad "right to make schemas" "no: grant create on database $database to $user"; fi
  if [ "$super" = t ] || [[ ,$present, == *,age,* && ,$present, == *,vector,* && ,$present, == *,pg_trgm,* ]]; then
    good "right to extensions" "present, or $user may create them"
  else
    bad "right to extensions" "present are ${present:-none}; as a superuser in $database: create extension if not exists age; … vector; … pg_trgm;"
  fi
  if [ "$may_role" = t ]; then good "right to make roles" "yes"; else note "right to make roles" "no; it is needed once queries run under roles of their own: alter role $user createrole"; fi
}

doctor_extension() {
  if [ -z "$3" ]; then
    bad "extension $1" "not available on the server; install $4"
  elif at_least "$3" "$2"; then
    good "extension $1" "$3"
  else
    bad "extension $1" "$3; needed is >= $2"
  fi
}

doctor_machine() {
  local data=$1 port=${BOARDWALK_PORT:-8080} pid cache free folder
  heading "This machine"
  if pid=$(running_server "$data"); then
    note "running" "process $pid serves $data; its log: $data/log/boardwalk.log"
    doctor_psql "$data"
  elif port_taken "$port"; then
    bad "port $port" "is taken on 127.0.0.1; choose another with --port or BOARDWALK_PORT"
  else
    good "port $port" "is free on 127.0.0.1"
  fi
  cache=$(cache_folder)
  for folder in "$cache" "$data"; do
    free=$(free_megabytes "$folder")
    if [ "$free" -lt 1000 ]; then
      bad "disk" "$free MB free for $folder; needed are about 3000 for everything, 1000 to begin with"
    else
      good "disk" "$free MB free for $folder"
    fi
    writable "$folder" || bad "folder" "$folder cannot be written to"
  done
  note "memory" "$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo) MB available; a quarter of the machine's is the JVM's largest heap"
}

doctor_psql() {
  local port
  port=$(sed -n 4p "$1/postgres/postmaster.pid" 2>/dev/null) || return 0
  [ -z "$port" ] || note "look inside" "PGPASSWORD=\$(cat $1/postgres.password) $(postgres_bin)/psql -h 127.0.0.1 -p $port -U boardwalk"
}

# The nearest folder above that exists says how much room there is and whether it can be made.
existing_parent() {
  local folder=$1
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  printf '%s' "$folder"
}

free_megabytes() { df -Pm "$(existing_parent "$1")" | awk 'NR == 2 { print $4 }'; }
writable() { [ -w "$(existing_parent "$1")" ]; }
