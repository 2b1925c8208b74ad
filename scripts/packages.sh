# shellcheck shell=bash
# The private box: what a machine lacks, out of the distribution's own packages, unpacked in the cache folder.
# Needs no root and no container; touches neither the machine's package database nor its folders.
#
# A group (say "postgres") is one folder with its own closure of packages, its own C library and its own loader, so
# that groups fetched months apart out of a moving suite never mix. It is unpacked beside its place and renamed into
# it when whole, so that an interruption leaves nothing that looks finished. The loader and library paths inside the
# programs are absolute: a group that was moved is patched again.

# shellcheck source=scripts/mirrors.sh
. "$SCRIPTS/mirrors.sh"
# shellcheck source=scripts/programs.sh
. "$SCRIPTS/programs.sh"

BOX_FORMAT=1

# Packages that others name only for their install scripts, for administration or for a display: nothing runs them here.
PACKAGES_UNUSED='perl|perl-.*|libperl.*|lib.*-perl|debconf|cdebconf|libdebconfclient0|ucf|sensible-utils'
PACKAGES_UNUSED+='|adduser|passwd|base-passwd|login\.defs|ssl-cert|procps|systemd|libsystemd-shared|sysvinit-utils'
PACKAGES_UNUSED+='|locales|libc-l10n|libc-bin|netbase|lsb-base|readline-common|manpages.*|man-db'
PACKAGES_UNUSED+='|postgresql-common|postgresql-client-common|java-common|ca-certificates-java|default-jre-headless'
PACKAGES_UNUSED+='|x11-utils|xdg-utils|mesa-libgallium|libgl1-mesa-dri|libgail.*'

box_folder() { printf '%s/box' "$(cache_folder)"; }

# closure PACKAGE...: "file size sha256 name=version" of everything to fetch. "@" in a name stands for "-" and the
# number of the newest usable PostgreSQL; PACKAGES_SKIPPED names (as a pattern) what this group can do without.
closure() {
  local newest
  newest=$(newest_postgres)
  private_apt apt-get install --print-uris -qq "${@//@/-$newest}" \
    | LC_ALL=C sed -nE "s/^'[^']*' ([^ ]+) ([0-9]+) SHA256:([0-9a-f]{64})\$/\1 \2 \3/p" \
    | while read -r file size sha; do
      local name=${file%%_*} version=${file#*_}
      version=${version%_*.deb}
      [[ $name =~ ^($PACKAGES_UNUSED)$ || $name =~ ^(${PACKAGES_SKIPPED:-})$ ]] && continue
      printf '%s %s %s %s=%s\n' "$file" "$size" "$sha" "$name" "${version//%3a/:}"
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
