# shellcheck shell=bash
# The private box: what a machine lacks, out of the distribution's own packages, unpacked in the cache folder.
# Needs no root and no container; touches neither the machine's package database nor its folders.
#
# A group (say "postgres") is one folder with its own closure of packages, its own C library and its own loader, so
# that groups fetched months apart out of a moving suite never mix. It is unpacked beside its place and renamed into
# it when whole, so that an interruption leaves nothing that looks finished. The loader and library paths inside the
# programs are absolute: a group that was moved is patched again.

BOX_FORMAT=1
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Packages that others name only for their install scripts, for administration or for a display: nothing runs them here.
PACKAGES_UNUSED='^(perl|perl-.*|libperl.*|lib.*-perl|debconf|cdebconf|libdebconfclient0|locales|libc-l10n|libc-bin|adduser|passwd|base-passwd|login\.defs|ucf|ssl-cert|sensible-utils|procps|systemd|libsystemd-shared|sysvinit-utils|netbase|lsb-base|readline-common|postgresql-common|postgresql-client-common|x11-utils|xdg-utils|mesa-libgallium|libgl1-mesa-dri|libgail.*|manpages.*|man-db|java-common|ca-certificates-java|default-jre-headless|openjdk-2[0-4]-jre-headless)$'

box_folder() { printf '%s/box' "$(cache_folder)"; }

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

# closure PACKAGE...: "file size sha256 name=version" of everything to fetch. "@" in a name stands for "-" and the
# number of the newest usable PostgreSQL.
closure() {
  local newest
  newest=$(newest_postgres)
  private_apt apt-get install --print-uris -qq "${@//@/-$newest}" \
    | LC_ALL=C sed -nE "s/^'[^']*' ([^ ]+) ([0-9]+) SHA256:([0-9a-f]{64})\$/\1 \2 \3/p" \
    | while read -r file size sha; do
      local name=${file%%_*} version=${file#*_}
      version=${version%_*.deb}
      [[ $name =~ $PACKAGES_UNUSED || $name =~ ${PACKAGES_SKIPPED:-^$} ]] || printf '%s %s %s %s=%s\n' "$file" "$size" "$sha" "$name" "${version//%3a/:}"
    done
}

# Fetches what the list names and is not there whole; a package cut off or damaged is fetched again.
fetch_packages() {
  local list=$1 archives=$2 file sha missing=()
  mkdir -p "$archives"
  cd "$archives" || return 1
  while read -r file _ sha package; do
    if [ ! -f "$file" ] || ! echo "$sha  $file" | sha256sum --status -c - 2>/dev/null; then
      rm -f "$file"
      missing+=("$package")
    fi
  done <"$list"
  [ "${#missing[@]}" -gt 0 ] || return 0
  private_apt apt-get download "${missing[@]}" || return 1
  while read -r file _ sha _; do
    echo "$sha  $file" | sha256sum --status -c - || {
      rm -f "$file"
      echo "package $file does not have the checksum that the signed lists name"
      return 1
    }
  done <"$list"
}

unpack_packages() {
  local list=$1 archives=$2 target=$3 file
  rm -rf "$target"
  # The folders of a merged /usr first, so that packages which still ship /lib and /bin land in the same place.
  mkdir -p "$target/usr/lib" "$target/usr/bin" "$target/usr/sbin" "$target/usr/lib64"
  ln -s usr/lib "$target/lib"
  ln -s usr/lib64 "$target/lib64"
  ln -s usr/bin "$target/bin"
  ln -s usr/sbin "$target/sbin"
  while read -r file _; do
    dpkg-deb --fsys-tarfile "$archives/$file" | tar -x -C "$target" --no-same-owner --keep-directory-symlink || return 1
    echo "$file" >>"$target/.unpacked"
  done <"$list"
}

# patch_programs TREE HOME: programs in TREE are to find loader and libraries in HOME (where TREE will be renamed to).
patch_programs() {
  local tree=$1 home=$2 loader libraries file
  loader=$(loader_of "$tree" "$home")
  [ -n "$loader" ] || return 0
  libraries=$(library_path "$tree" "$home")
  LC_ALL=C find "$tree" -type f \( -perm -100 -o -name '*.so' -o -name '*.so.*' \) -size +1k \
    -exec grep -lam1 -P '\A\x7fELF' {} + | while read -r file; do
    case $file in */ld-linux*.so.* | */libc.so.6 | *.debug) continue ;; esac
    patch_program "$file" || return 1
  done
}

# Uses tree, home, loader and libraries of patch_programs.
patch_program() {
  local file=$1 old interpreter=()
  if is_fixed_program "$file"; then
    start_by_loader "$file"
    return
  fi
  if run_patchelf --print-interpreter "$file" >/dev/null 2>&1; then interpreter=(--set-interpreter "$loader"); fi
  old=$(run_patchelf --print-rpath "$file" 2>/dev/null) || return 0 # static
  [ "${#interpreter[@]}" -gt 0 ] || [ -n "$old" ] || return 0
  chmod u+w "$file"
  run_patchelf --force-rpath --set-rpath "$(merged_rpath "$old" "$libraries" "$home")" ${interpreter[@]+"${interpreter[@]}"} "$file"
}

# Programs linked for a fixed address (gcc's own, say) have no room for longer paths: patchelf 0.18 breaks them.
is_fixed_program() {
  [ "$(od -An -t u1 -j 16 -N 1 "$1" | tr -d ' ')" = 2 ] && run_patchelf --print-interpreter "$1" >/dev/null 2>&1
}

# In their place comes a script that starts them by the loader.
start_by_loader() {
  local file=${1%.boxed}
  [ "$file" != "$1" ] || mv "$file" "$file.boxed"
  cat >"$file" <<WRAPPER
#!/bin/sh
exec "$loader" --argv0 "\$0" --library-path "$libraries" "$home${file#"$tree"}.boxed" "\$@"
WRAPPER
  chmod 755 "$file"
}

loader_of() {
  local loader
  loader=$(find "$1/usr/lib" "$1/usr/lib64" -name 'ld-linux*.so.*' 2>/dev/null | sort | head -n 1)
  [ -z "$loader" ] || printf '%s' "$2${loader#"$1"}"
}

# Links that packages make to absolute places of the machine are to stay inside the tree.
relink() {
  local tree=$1 link target
  find "$tree" -type l -lname '/*' -print | while read -r link; do
    target=$tree$(readlink "$link")
    if [ -e "$target" ] || [ -L "$target" ]; then
      ln -sfn "$(realpath -s -m --relative-to="$(dirname "$link")" "$target")" "$link"
    fi
  done
}

# set_up GROUP TREE HOME: everything in TREE that depends on its place.
set_up() {
  relink "$2"
  patch_programs "$2" "$3" || return 1
  rm -rf "$2/.bin"
  mkdir "$2/.bin"
  if declare -F "finish_$1" >/dev/null; then "finish_$1" "$2" "$3" || return 1; fi
}

# prove GROUP HOME: its main program answers.
prove() {
  local home=$2
  case $1 in
    patchelf) PATCHELF_HOME=$home && find_patchelf_libraries && run_patchelf --version ;;
    postgres) "$(first_of "$home"/usr/lib/postgresql/*/bin/postgres)" --version ;;
    jdk) "$(first_of "$home"/usr/lib/jvm/*/bin/javac)" -version ;;
    rust) "$home/.bin/rustc" --version ;;
    node | npm) "$home/.bin/node" -e '' ;;
    chromium) "$home/.bin/chromium" --version ;;
    pgbackrest) "$home/usr/bin/pgbackrest" version ;;
  esac >/dev/null
}

first_of() { printf '%s' "$1"; }

# Where the libraries of TREE will be, as seen from HOME.
library_path() {
  local tree=$1 home=$2 folder path=""
  for folder in "$tree"/usr/lib/*-linux-gnu*; do
    [ -d "$folder" ] && path=$path:$home${folder#"$tree"}
  done
  printf '%s:%s/usr/lib' "${path#:}" "$home"
}

# merged_rpath OWN LIBRARIES HOME: what a program said itself comes first. Places relative to its own stay, places of
# the machine (or of where the group was before) become those of HOME.
merged_rpath() {
  local own="" part
  while read -r -d : part; do
    # shellcheck disable=SC2016 # $ORIGIN is the loader's word, not the shell's
    case $part in
      '$ORIGIN'*) ;;
      */"${3##*/}"/usr/*) part=$3/usr/${part#*/"${3##*/}"/usr/} ;;
      /usr/*) part=$3$part ;;
      *) continue ;;
    esac
    case :$own:$2: in *":$part:"*) ;; *) own=$own$part: ;; esac
  done <<<"$1:"
  printf '%s%s' "$own" "$2"
}

# patchelf runs by its own loader, so that it needs no patching itself.
run_patchelf() {
  if [ -z "${PATCHELF_HOME:-}" ]; then
    patchelf "$@"
  else
    "$PATCHELF_LOADER" --library-path "$PATCHELF_LIBRARIES" "$PATCHELF_HOME/usr/bin/patchelf" "$@"
  fi
}

choose_patchelf() {
  PATCHELF_HOME=""
  have patchelf && return 0
  PACKAGES_SKIPPED="" ensure_group patchelf "patchelf" patchelf
  PATCHELF_HOME=$(group_home patchelf)
  find_patchelf_libraries
}

find_patchelf_libraries() {
  PATCHELF_LOADER=$(loader_of "$PATCHELF_HOME" "$PATCHELF_HOME")
  PATCHELF_LIBRARIES=$(library_path "$PATCHELF_HOME" "$PATCHELF_HOME")
}

group_home() { printf '%s/%s' "$(box_folder)" "$1"; }

# Is the group whole, of this format, and where it was when it was patched?
group_ready() {
  local stamp
  stamp=$(group_home "$1")/.stamp
  [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "format=$BOX_FORMAT home=$(group_home "$1")" ]
}

group_moved() {
  local stamp
  stamp=$(group_home "$1")/.stamp
  [ -f "$stamp" ] && [[ $(head -n 1 "$stamp") == "format=$BOX_FORMAT home="* ]]
}

# ensure_group GROUP TITLE PACKAGE...: makes the group be there, whole and patched for its place.
ensure_group() {
  group_ready "$1" && return 0
  if [ "$1" = patchelf ] && [ "${BOX_LOCKED:-}" = 1 ]; then
    make_group "$@"
  else
    BOX_LOCKED=1 with_lock "$(box_folder)/lock" make_group "$@"
  fi
}

make_group() {
  local group=$1 title=$2 home work list archives
  shift 2
  group_ready "$group" && return 0 # another process made it while we waited
  home=$(group_home "$group")
  work=$(box_folder)/making
  archives=$(box_folder)/packages
  [ "$group" = patchelf ] || choose_patchelf
  if group_moved "$group"; then
    [ "$group" = patchelf ] || step "Setting $title up in its new place" : set_up "$group" "$home" "$home" || die "cannot set $title up in $home"
    prove "$group" "$home" || die "what is in $home does not run on this machine; remove that folder"
    write_stamp "$group" "$home"
    return 0
  fi
  rm -rf "$work" "$home"
  mkdir -p "$work"
  list=$work/$group.list
  lists_are_fresh || refresh_lists
  if ! fetch_group "$title" "$list" "$archives" "$@"; then
    say "  the lists may be older than the mirror; reading them again"
    refresh_lists
    fetch_group "$title" "$list" "$archives" "$@" || die "cannot fetch $title (${*}); run again to go on where it stopped"
  fi
  step "Unpacking $title" "unpacked_so_far $list $work/$group" unpack_packages "$list" "$archives" "$work/$group" \
    || die "cannot unpack $title below $work (disk full?)"
  rm -f "$work/$group/.unpacked"
  [ "$group" = patchelf ] || step "Setting $title up" : set_up "$group" "$work/$group" "$home" || die "cannot set $title up in $home"
  mv "$work/$group" "$home" || die "cannot put $title into $home"
  prove "$group" "$home" || die "what was unpacked in $home does not run on this machine"
  # Only with its stamp a group counts as being there.
  write_stamp "$group" "$home" "$list" || die "cannot write into $home (disk full?)"
  # What has been unpacked is not needed again; a moved group is patched, not unpacked.
  while read -r file _; do rm -f "$archives/$file"; done <"$list"
  rm -rf "$work"
}

write_stamp() {
  local group=$1 tree=$2 list=${3:-}
  {
    echo "format=$BOX_FORMAT home=$(group_home "$group")"
    if [ -n "$list" ]; then cut -d ' ' -f 3,4 "$list"; else tail -n +2 "$tree/.stamp"; fi
  } >"$tree/.stamp.new" || return 1
  mv "$tree/.stamp.new" "$tree/.stamp"
}

fetch_group() {
  local title=$1 list=$2 archives=$3 total
  shift 3
  closure "$@" >"$list"
  [ -s "$list" ] || return 1
  total=$(awk '{ s += $2 } END { print s + 0 }' "$list")
  mkdir -p "$archives"
  step "Fetching $title: $(wc -l <"$list") packages, $(megabytes "$total") MB" "fetched_so_far $list $archives $total" \
    fetch_packages "$list" "$archives"
}

# A bar of what lies there whole or in part, of what is to come.
fetched_so_far() {
  local list=$1 archives=$2 total=$3 have=0 file size
  while read -r file _; do
    size=$(stat -c %s "$archives/$file" 2>/dev/null) || size=0
    have=$((have + size))
  done <"$list"
  size=$(du -sb "$(box_folder)/apt/cache/archives" 2>/dev/null | cut -f 1) || size=0
  bar $((have + ${size:-0})) "$total"
}

unpacked_so_far() { bar "$(wc -l <"$2/.unpacked" 2>/dev/null || echo 0)" "$(wc -l <"$1")"; }

bar() {
  local done=$1 all=$2 width=24 filled
  [ "$all" -gt 0 ] || all=1
  [ "$done" -le "$all" ] || done=$all
  filled=$((done * width / all))
  printf '[%s%s] %d %%' "$(printf '%*s' "$filled" '' | tr ' ' '#')" "$(printf '%*s' $((width - filled)) '')" $((done * 100 / all))
}
