# shellcheck shell=bash
# Which JDK, Maven, Rust, Node and browser the launcher uses: the machine's own if it will do, else the box's.
# Each find_X answers "place<TAB>version<TAB>where it was found", or nothing; each ensure_X makes find_X answer.

JAVA_VERSION=25 # exactly: the compiler plugins reach into javac
MAVEN_MIN=3.8   # the oldest that runs on JDK 25
RUST_MIN=1.85   # edition 2024, which jni 0.22 is written in
NODE_MIN=22     # vitest 5
CHROMIUM_NAMES="chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome chrome"

machine_bundle=/etc/ssl/certs/ca-certificates.crt

found() { printf '%s\t%s\t%s\n' "$1" "$2" "$3"; }
place_of() { printf '%s' "${1%%$'\t'*}"; }

jdk_version() { sed -nE 's/^JAVA_VERSION="([^"]+)".*/\1/p' "$1/release" 2>/dev/null; }

find_jdk() {
  local home version from
  while IFS=$'\t' read -r home from; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] || continue
    version=$(jdk_version "$home")
    [ "${version%%.*}" = "$JAVA_VERSION" ] && found "$home" "$version" "$from" && return 0
  done < <(
    printf '%s\t%s\n' "${JAVA_HOME:-}" "JAVA_HOME"
    if have javac; then printf '%s\t%s\n' "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")" "PATH"; fi
    for home in /usr/lib/jvm/* /usr/local/lib/jvm/* /opt/jdk*; do printf '%s\t%s\n' "$home" "this machine"; done
    for home in "$(group_home jdk)"/usr/lib/jvm/*; do
      if group_ready jdk; then printf '%s\t%s\n' "$home" "the box"; fi
    done
  )
}

ensure_jdk() {
  [ -z "$(find_jdk)" ] && ensure_group jdk "JDK $JAVA_VERSION" "openjdk-$JAVA_VERSION-jdk-headless"
  case $(find_jdk) in *"the box") trust_store "$(place_of "$(find_jdk)")" ;; esac
}

# The distribution makes Java's list of trusted authorities when the package is installed; we do it here.
trust_store() {
  local jdk=$1 store bundle
  store=$(group_home jdk)/trust.p12
  bundle=$(certificate_bundle)
  [ ! "$store" -nt "$bundle" ] || return 0
  step "Importing the trusted authorities" : "$jdk/bin/java" "$SCRIPTS/TrustStore.java" "$bundle" "$store.$$" \
    || die "cannot make the list of trusted authorities for $jdk"
  mv "$store.$$" "$store"
  rm -f "$jdk/lib/security/cacerts"
  ln -s "$(realpath -m --relative-to="$jdk/lib/security" "$store")" "$jdk/lib/security/cacerts"
}

# The authorities of the machine, or of the box where the machine has none.
certificate_bundle() {
  local bundle
  [ ! -s "$machine_bundle" ] || { printf '%s' "$machine_bundle" && return; }
  bundle=$(group_home certificates)/authorities.crt
  if [ ! -s "$bundle" ]; then
    ensure_group certificates "Trusted authorities" ca-certificates
    cat "$(group_home certificates)"/usr/share/ca-certificates/mozilla/*.crt >"$bundle.$$"
    mv "$bundle.$$" "$bundle"
  fi
  printf '%s' "$bundle"
}

find_maven() {
  local home version from jdk
  jdk=$(place_of "$(find_jdk)")
  while IFS=$'\t' read -r home from; do
    [ -x "$home/bin/mvn" ] || continue
    version=$(JAVA_HOME=$jdk "$home/bin/mvn" --version 2>/dev/null | sed -nE 's/.*Apache Maven ([0-9.]+).*/\1/p') || continue
    [ -n "$version" ] && at_least "$version" "$MAVEN_MIN" && found "$home/bin/mvn" "$version" "$from" && return 0
  done < <(
    if have mvn; then printf '%s\t%s\n' "$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")" "PATH"; fi
    printf '%s\t%s\n' "${MAVEN_HOME:-/usr/share/maven}" "this machine"
    if group_ready maven; then printf '%s\t%s\n' "$(group_home maven)/usr/share/maven" "the box"; fi
  )
}

# Maven's package names a Java of its own, which is not needed beside the JDK.
ensure_maven() {
  [ -n "$(find_maven)" ] || PACKAGES_SKIPPED='openjdk-.*|default-jre.*|ca-certificates.*|openssl.*|lib[a-z0-9.+-]*[0-9](t64)?|libc-.*' \
    ensure_group maven Maven maven
}

find_rust() {
  local folder version
  for folder in "$(command -v cargo || true)" "${CARGO_HOME:-${HOME:-}/.cargo}/bin/cargo"; do
    folder=${folder%/cargo}
    { [ -x "$folder/cargo" ] && [ -x "$folder/rustc" ]; } || continue
    version=$("$folder/rustc" --version 2>/dev/null | awk '{ print $2 }')
    [ -n "$version" ] && at_least "$version" "$RUST_MIN" && found "$folder" "$version" "this machine" && return 0
  done
  if group_ready rust; then
    folder=$(group_home rust)/.bin
    version=$("$folder/rustc" --version 2>/dev/null | awk '{ print $2 }')
    [ -z "$version" ] || found "$folder" "$version" "the box"
  fi
}

# Rust links by a C compiler; one that cannot link (no headers, no C library to link to) will not do.
find_linker() {
  local program
  for program in cc gcc clang; do
    if have "$program" && can_link "$program"; then
      found "$(command -v "$program")" "$("$program" -dumpversion 2>/dev/null || echo ?)" "PATH"
      return 0
    fi
  done
  if group_ready rust; then
    found "$(group_home rust)/.bin/cc" "$("$(group_home rust)/.bin/cc" -dumpversion)" "the box"
  fi
}

can_link() {
  local library=""
  library=$("$1" -print-file-name=libc.so 2>/dev/null) || return 1
  [ -f "$library" ]
}

# With the machine's cargo but the box's linker, cargo is still the machine's.
ensure_rust() {
  { [ -n "$(find_rust)" ] && [ -n "$(find_linker)" ]; } || PACKAGES_SKIPPED='lib([ahtlu]b?san|hwasan|itm|quadmath|cc1-).*' \
    ensure_group rust "Rust and a C linker" cargo rustc gcc libc6-dev
}

# finish_rust TREE HOME: a linker that links against the box's C library and makes programs run with it.
finish_rust() {
  local tree=$1 home=$2 program
  for program in cargo rustc rustdoc; do
    ln -s "../usr/bin/$program" "$tree/.bin/$program"
  done
  for program in cc gcc; do
    cat >"$tree/.bin/$program" <<WRAPPER
#!/bin/sh
exec "$home/usr/bin/gcc" --sysroot="$home" -B"$home/usr/bin" -Wl,--dynamic-linker="$(loader_of "$tree" "$home")" -Wl,-rpath,"$(library_path "$tree" "$home")" "\$@"
WRAPPER
    chmod +x "$tree/.bin/$program"
  done
}

find_node() {
  local program version from
  while IFS=$'\t' read -r program from; do
    [ -n "$program" ] && [ -x "$program" ] || continue
    version=$("$program" --version 2>/dev/null) || continue
    version=${version#v}
    [ "${version%%.*}" -ge "$NODE_MIN" ] && found "$program" "$version" "$from" && return 0
  done < <(
    printf '%s\t%s\n' "$(command -v node || true)" "PATH"
    if group_ready npm; then printf '%s\t%s\n' "$(group_home npm)/.bin/node" "the box"; fi
    if group_ready node; then printf '%s\t%s\n' "$(group_home node)/.bin/node" "the box"; fi
  )
}

find_npm() {
  local program version
  program=$(command -v npm || true)
  if [ -n "$program" ] && [ -f "$(dirname "$(readlink -f "$program")")/../package.json" ]; then
    version=$(sed -nE 's/^ *"version": *"([^"]+)".*/\1/p' "$(dirname "$(readlink -f "$program")")/../package.json" | head -n 1)
    found "$program" "$version" "PATH"
  elif group_ready npm; then
    version=$(sed -nE 's/^ *"version": *"([^"]+)".*/\1/p' "$(group_home npm)/usr/share/nodejs/npm/package.json" | head -n 1)
    found "$(group_home npm)/.bin/npm" "$version" "the box"
  fi
}

# npm runs on whichever node comes first in PATH, so the box gives node alone where only node is too old.
ensure_node() {
  { [ -n "$(find_npm)" ] && [ -n "$(find_node)" ]; } || ensure_rust # for its linker; the build needs it anyway
  [ -n "$(find_npm)" ] || PACKAGES_SKIPPED=$NODE_UNUSED ensure_group npm "Node and npm" nodejs npm
  [ -n "$(find_node)" ] || PACKAGES_SKIPPED=$NODE_UNUSED ensure_group node "Node" nodejs
}

NODE_UNUSED='node-corepack|node-babel.*|node-webpack.*|webpack|eslint|node-terser|terser|handlebars|node-tape'
NODE_UNUSED+='|node-istanbul|nyc|gyp|python3.*|libpython3.*|libjs-.*|libnode-dev|libssl-dev|libuv1-dev|zlib1g-dev'
NODE_UNUSED+='|libc6-dev|gcc.*|g\+\+.*|cpp.*|binutils.*|make|build-essential|linux-libc-dev'

# finish_node TREE HOME: the distribution's Node looks for some of its parts in absolute places (node-builtins.c).
finish_node() {
  local tree=$1 home=$2 library
  library=$(echo "$tree"/usr/lib/*-linux-gnu*)/libnode-builtins.so
  "$(place_of "$(find_linker)")" -shared -fPIC -O2 -DBOX="\"$home\"" -o "$library" "$SCRIPTS/node-builtins.c" -ldl || return 1
  run_patchelf --print-needed "$tree/usr/bin/node" | grep -qx libnode-builtins.so \
    || run_patchelf --add-needed libnode-builtins.so "$tree/usr/bin/node" || return 1
  ln -s ../usr/bin/node "$tree/.bin/node"
}

# Packages of the distribution's npm find each other as if they lay in one node_modules.
finish_npm() {
  local program
  finish_node "$@" || return 1
  ln -sfn nodejs "$1/usr/share/node_modules"
  for program in npm npx; do
    cat >"$1/.bin/$program" <<WRAPPER
#!/bin/sh
exec "$2/.bin/node" "$2/usr/share/nodejs/npm/bin/$program-cli.js" "\$@"
WRAPPER
    chmod +x "$1/.bin/$program"
  done
}

find_chromium() {
  local name
  for name in $CHROMIUM_NAMES; do
    if have "$name"; then
      found "$(command -v "$name")" "$(chromium_version "$(command -v "$name")")" "PATH"
      return 0
    fi
  done
  if group_ready chromium; then
    name=$(group_home chromium)/.bin/chromium
    found "$name" "$(chromium_version "$name")" "the box"
  fi
}

chromium_version() { "$1" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

ensure_chromium() {
  [ -n "$(find_chromium)" ] || PACKAGES_SKIPPED='libllvm.*|libz3.*|libvulkan.*|libsensors.*|libsystemd-.*' \
    ensure_group chromium "Headless Chromium for the tests" chromium-headless-shell
}

# Fonts and their settings come from the box, too.
finish_chromium() {
  cat >"$1/.bin/chromium" <<WRAPPER
#!/bin/sh
FONTCONFIG_SYSROOT="$2" exec "$2/usr/lib/chromium/chromium-headless-shell" "\$@"
WRAPPER
  chmod +x "$1/.bin/chromium"
}

find_pgbackrest() {
  local program
  for program in "$(command -v pgbackrest || true)" "$(group_home pgbackrest)/usr/bin/pgbackrest"; do
    [ -n "$program" ] && [ -x "$program" ] || continue
    case $program in
      "$(box_folder)"/*) group_ready pgbackrest && found "$program" "$("$program" version 2>/dev/null | awk '{ print $2 }')" "the box" ;;
      *) found "$program" "$("$program" version 2>/dev/null | awk '{ print $2 }')" "PATH" ;;
    esac
    return 0
  done
}

ensure_pgbackrest() {
  [ -n "$(find_pgbackrest)" ] || ensure_group pgbackrest "pgBackRest" pgbackrest
}

# MinIO, the S3 server of the tests: its project gives out source only, so it is built with Go and kept.
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
GO_MIN=1.24 # what MinIO's own module asks for

minio_home() { printf '%s/minio/%s' "$(cache_folder)" "$MINIO_VERSION"; }

find_minio() {
  local program=${BOARDWALK_MINIO:-}
  if [ -n "$program" ] && [ -x "$program" ]; then
    found "$program" "?" "BOARDWALK_MINIO"
  elif [ -x "$(minio_home)/minio" ]; then
    found "$(minio_home)/minio" "$MINIO_VERSION" "built"
  fi
}

find_go() {
  local program version
  for program in "$(command -v go || true)" /usr/local/go/bin/go "$(group_home go)/.bin/go"; do
    [ -n "$program" ] && [ -x "$program" ] || continue
    version=$("$program" env GOVERSION 2>/dev/null) || continue
    version=${version#go}
    at_least "$version" "$GO_MIN" && found "$program" "$version" "this machine" && return 0
  done
}

ensure_go() {
  [ -n "$(find_go)" ] || PACKAGES_SKIPPED='^(gcc.*|g\+\+.*|cpp.*|binutils.*|libc6-dev|libc-dev.*|linux-libc-dev|pkg-config|pkgconf.*)$' \
    ensure_group go "Go, to build MinIO" golang-go
}

# finish_go TREE HOME: Go finds its library beside the real program, not beside a link to it.
finish_go() {
  local library
  library=$(cd "$1" && echo usr/lib/go-*)
  cat >"$1/.bin/go" <<WRAPPER
#!/bin/sh
GOROOT="$2/$library" exec "$2/$library/bin/go" "\$@"
WRAPPER
  chmod +x "$1/.bin/go"
}

ensure_minio() {
  [ -n "$(find_minio)" ] || with_lock "$(cache_folder)/minio.lock" build_minio
}

build_minio() {
  local go part
  [ -z "$(find_minio)" ] || return 0 # by another process while we waited
  ensure_go
  go=$(place_of "$(find_go)")
  [ -n "$go" ] || die "cannot build MinIO for the tests: no Go >= $GO_MIN; set BOARDWALK_MINIO to a MinIO server's program"
  part=$(minio_home).part
  mkdir -p "$part"
  step "Building MinIO for the tests (minutes, once)" : \
    env CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS= GOBIN="$part" "$go" install -trimpath "-ldflags=-s -w" "github.com/minio/minio@$MINIO_VERSION" \
    || die "cannot build MinIO for the tests; run again, or set BOARDWALK_MINIO to a MinIO server's program"
  mv "$part" "$(minio_home)"
}

# Puts what was chosen first in PATH and names it to the programs that ask for it otherwise.
use_build_tools() {
  local found
  JAVA_HOME=$(place_of "$(find_jdk)")
  export JAVA_HOME
  MAVEN=$(place_of "$(find_maven)")
  PATH=$JAVA_HOME/bin:$PATH
  found=$(find_linker)
  case $found in *"the box") PATH=$(dirname "$(place_of "$found")"):$PATH ;; esac
  PATH=$(place_of "$(find_rust)"):$PATH
  found=$(find_npm)
  case $found in *"the box") PATH=$(dirname "$(place_of "$found")"):$PATH ;; esac
  found=$(find_node)
  case $found in *"the box") PATH=$(dirname "$(place_of "$found")"):$PATH ;; esac
  BOARDWALK_NODE=$(place_of "$found")
  BOARDWALK_NPM=$(place_of "$(find_npm)")
  export PATH BOARDWALK_NODE BOARDWALK_NPM
  if [ ! -s "$machine_bundle" ]; then
    SSL_CERT_FILE=$(certificate_bundle)
    export SSL_CERT_FILE CARGO_HTTP_CAINFO=$SSL_CERT_FILE NODE_EXTRA_CA_CERTS=$SSL_CERT_FILE
  fi
}

ensure_build_tools() {
  ensure_jdk
  ensure_maven
  ensure_rust
  ensure_node
}
