# shellcheck shell=bash
# Which PostgreSQL runs the private server: one of the machine's if it has all that is needed, else the box's.

POSTGRES_MIN=18 # AGE 1.8 is built for 18; older ones let read-only roles write through Cypher
AGE_MIN=1.8.0   # 1.5 scans sequentially on UNWIND and lets a SELECT-only role write
VECTOR_MIN=0.8.0

# postgres_share BIN: the folder with the extensions of the server in BIN.
postgres_share() {
  local usr=${1%/lib/postgresql/*} version=${1%/bin}
  version=${version##*/}
  if [ -d "$usr/share/postgresql/$version/extension" ]; then
    printf '%s' "$usr/share/postgresql/$version"
  elif [ -d "${1%/bin}/share/extension" ]; then
    printf '%s' "${1%/bin}/share"
  elif [ -x "$1/pg_config" ]; then
    "$1/pg_config" --sharedir
  fi
}

extension_version() { sed -nE "s/^default_version *= *'([^']+)'.*/\1/p" "$1/extension/$2.control" 2>/dev/null | head -n 1; }

# postgres_lacks BIN: what keeps the server in BIN from being used, or nothing.
postgres_lacks() {
  local bin=$1 version share age vector
  [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ] || { echo "no server programs" && return; }
  version=$("$bin/postgres" --version 2>/dev/null | sed -nE 's/.* ([0-9]+)(\.[0-9]+|devel|beta|rc).*/\1/p')
  [ "${version:-0}" -ge "$POSTGRES_MIN" ] || { echo "version ${version:-unknown}, needed >= $POSTGRES_MIN" && return; }
  share=$(postgres_share "$bin")
  age=$(extension_version "$share" age)
  vector=$(extension_version "$share" vector)
  [ -n "$age" ] || { echo "no Apache AGE" && return; }
  at_least "$age" "$AGE_MIN" || { echo "Apache AGE $age, needed >= $AGE_MIN" && return; }
  [ -n "$vector" ] || { echo "no pgvector" && return; }
  at_least "$vector" "$VECTOR_MIN" || { echo "pgvector $vector, needed >= $VECTOR_MIN" && return; }
  [ -n "$(extension_version "$share" pg_trgm)" ] || echo "no pg_trgm (contrib)"
}

# The folders with server programs on this machine, newest first.
machine_postgres() {
  local folder
  {
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin; do
      [ -x "$folder/postgres" ] && echo "$folder"
    done
    if have postgres; then dirname "$(readlink -f "$(command -v postgres)")"; fi
  } | LC_ALL=C sort -u -V -r
}

# postgres_bin: the folder of the server to use; empty if only the box could give one and it is not there yet.
postgres_bin() {
  local bin
  while read -r bin; do
    [ -n "$bin" ] && [ -z "$(postgres_lacks "$bin")" ] && printf '%s' "$bin" && return 0
  done < <(machine_postgres)
  box_postgres_bin
}

box_postgres_bin() {
  local bin
  group_ready postgres || return 0
  for bin in "$(group_home postgres)"/usr/lib/postgresql/*/bin; do
    [ -x "$bin/postgres" ] && printf '%s' "$bin"
  done
}

ensure_postgres() {
  [ -z "$(postgres_bin)" ] || return 0
  ensure_group postgres "PostgreSQL with Apache AGE and pgvector" \
    postgresql@ postgresql@-age postgresql@-pgvector
}
