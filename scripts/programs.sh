# shellcheck shell=bash
# Makes unpacked programs run where they lie: loader, libraries, links and whatever else holds an absolute place.

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
