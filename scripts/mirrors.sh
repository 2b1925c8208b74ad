# shellcheck shell=bash
# Where packages come from: the mirrors of this machine's own sources, and lists of a suite that has what is needed.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirrors named by the machine's own package sources, in the one-line or the deb822 form, the likeliest first.
# Security archives do not carry the whole distribution; those of third parties come last.
machine_mirrors() {
  local files=() file etc=${1:-/etc/apt}
  for file in "$etc"/sources.list "$etc"/sources.list.d/*.list "$etc"/sources.list.d/*.sources; do
    [ -r "$file" ] && files+=("$file")
  done
  [ "${#files[@]}" -gt 0 ] || return 0
  awk '
    FNR == 1 { flush() }
    FILENAME ~ /\.sources$/ {
      if ($0 ~ /^[ \t]*#/) next
      if ($0 ~ /^[ \t]*$/) { flush(); next }
      key = tolower($1)
      if (key == "uris:") { for (i = 2; i <= NF; i++) uris = uris " " $i; last = key; next }
      if (key == "components:") { main = / main( |$)/; last = key; next }
      if (key == "types:") { binary = /(^|[ \t])deb([ \t]|$)/; last = key; next }
      if (key == "enabled:") { off = tolower($2) == "no"; last = key; next }
      if ($0 ~ /^[ \t]/ && last == "uris:") { for (i = 1; i <= NF; i++) uris = uris " " $i; next }
      last = key
      next
    }
    /^deb[ \t]/ {
      line = $0
      sub(/^deb[ \t]+(\[[^]]*\][ \t]*)?/, "", line)
      n = split(line, part, /[ \t]+/)
      for (i = 3; i <= n; i++) if (part[i] == "main") { emit(part[1]); break }
    }
    function flush(  n, part, i) {
      n = split(uris, part, " ")
      if (binary && main && !off) for (i = 1; i <= n; i++) emit(part[i])
      uris = ""; main = 0; binary = 0; off = 0; last = ""
    }
    function emit(address) {
      sub(/\/+$/, "", address)
      if (address ~ /^(cdrom|file):/ || address ~ /security/ || seen[address]++) return
      print (address ~ /debian/ ? 0 : 1) "\t" address
    }
    END { flush() }
  ' "${files[@]}" | sort -s -n -k1,1 | cut -f 2
}

# Own state, cache and sources for apt; of the machine's settings only those on how to reach the network.
write_apt_settings() {
  local apt=$1 mirror=$2 suite=$3
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" \
    "$apt/etc/sources.list.d"
  : >"$apt/status"
  {
    apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|ftp|ForceIPv[46]|Retries)' || true
    cat <<SETTINGS
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc "$apt/etc";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::ForceHash "SHA256";
SETTINGS
  } >"$apt/apt.conf"
  printf 'deb [signed-by=%s] %s %s main\n' "$KEYRING" "$mirror" "$suite" >"$apt/etc/sources.list"
}

private_apt() { APT_CONFIG=$(box_folder)/apt/apt.conf "$@"; }

# The newest PostgreSQL of the private lists that has both extensions and is new enough; empty if there is none.
newest_postgres() {
  local newest age
  newest=$(newest_postgres_with_extensions)
  [ -n "$newest" ] && [ "$newest" -ge "$POSTGRES_MIN" ] || return 0
  age=$(private_apt apt-cache policy "postgresql-$newest-age" | awk '$1 == "Candidate:" { print $2 }')
  ! at_least "${age%%[~+-]*}" "$AGE_MIN" || echo "$newest"
}

newest_postgres_with_extensions() {
  private_apt apt-cache pkgnames postgresql- | LC_ALL=C awk '
    /^postgresql-[0-9]+$/ { split($0, p, "-"); server[p[2]] = 1 }
    /^postgresql-[0-9]+-age$/ { split($0, p, "-"); age[p[2]] = 1 }
    /^postgresql-[0-9]+-pgvector$/ { split($0, p, "-"); vector[p[2]] = 1 }
    END { for (n in server) if (age[n] && vector[n] && n + 0 > best) best = n + 0; if (best) print best }'
}

update_lists() { private_apt apt-get -o APT::Update::Error-Mode=any "$@" update; }

# Chooses mirror and suite and fetches the lists. Called under the box's lock.
refresh_lists() {
  local apt
  apt=$(box_folder)/apt
  { have apt-get && have dpkg-deb; } || die "something is missing here (see ./boardwalk doctor) and there is no apt-get and dpkg-deb to get it with"
  [ -r "$KEYRING" ] || die "cannot verify packages: $KEYRING is missing (package debian-archive-keyring)"
  [ -n "$(machine_mirrors)" ] || die "no Debian mirror in /etc/apt/sources.list or /etc/apt/sources.list.d to get packages from"
  mkdir -p "$apt"
  rm -f "$apt/fresh" "$apt/past-its-date"
  step "Reading package lists" : choose_source "$apt" \
    || die "no package source of this machine has PostgreSQL >= $POSTGRES_MIN with AGE >= $AGE_MIN and pgvector"
  [ ! -f "$apt/past-its-date" ] \
    || say "  ! the lists of $(cat "$apt/past-its-date") are past their date (a frozen copy?); their signature is good: going on"
  date +%s >"$apt/fresh"
}

# The first of stable and testing with a PostgreSQL that is new enough and both extensions. A mirror that is a frozen
# copy carries a release file past its date: the signature still holds and only the promise that nothing newer exists
# is lost, so it is taken (with a warning) rather than refused.
choose_source() {
  local apt=$1 mirror suite newest
  for mirror in $(machine_mirrors); do
    for suite in stable testing; do
      write_apt_settings "$apt" "$mirror" "$suite"
      rm -f "$apt/past-its-date"
      if ! update_lists; then
        update_lists -o Acquire::Check-Valid-Until=false || continue
        echo "$mirror $suite" >"$apt/past-its-date"
      fi
      newest=$(newest_postgres)
      echo "$mirror $suite: PostgreSQL with AGE and pgvector: ${newest:-none}"
      [ -z "$newest" ] || return 0
    done
  done
  return 1
}

# Lists older than six hours may name packages that the mirror has already replaced.
lists_are_fresh() {
  local apt stamp
  apt=$(box_folder)/apt
  stamp=$(cat "$apt/fresh" 2>/dev/null) || return 1
  [ $(($(date +%s) - stamp)) -lt 21600 ]
}
