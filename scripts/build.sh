# shellcheck shell=bash
# Builds what is missing or stale, and runs what was built.

SERVER_MAIN=dev.boardwalk.gateway.Main
BENCH_MAIN=dev.boardwalk.bench.Main

# stamp_of FOLDER...: a word that changes when a source in them, a pom or the JDK does.
stamp_of() {
  (
    cd "$HOME_FOLDER"
    {
      find_jdk
      find pom.xml .mvn "$@" \( -name target -o -name node_modules -o -name dist -o -name .vite \) -prune \
        -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort
    } | sha256sum | cut -d ' ' -f 1
  )
}

# The module and those that it is built from, as folders.
sources_of() {
  local folder
  for folder in crdt store graph search compactor gateway testkit whiteboard; do
    if [ -d "$HOME_FOLDER/$folder" ]; then echo "$folder"; fi
  done
  [ "$1" = gateway ] || echo "$1"
}

stamp_file() { printf '%s/%s/target/build.stamp' "$HOME_FOLDER" "$1"; }

stamp_of_module() {
  local folders
  mapfile -t folders < <(sources_of "$1")
  stamp_of "${folders[@]}"
}

is_built() { [ "$(cat "$(stamp_file "$1")" 2>/dev/null)" = "$2" ]; }

# build MODULE: makes MODULE/target/boardwalk*.jar and MODULE/target/lib, unless they are up to date.
build() {
  local sources
  sources=$(stamp_of_module "$1")
  is_built "$1" "$sources" \
    || with_lock "$(cache_folder)/build.$(printf '%s' "$HOME_FOLDER" | cksum | cut -d ' ' -f 1).lock" build_stale "$1" "$sources"
}

build_stale() {
  local module=$1 sources=$2 begun
  ! is_built "$module" "$sources" || return 0 # by another process while we waited
  ensure_build_tools
  use_build_tools
  rm -f "$(stamp_file "$module")"
  temporary_file begun
  step "Building Boardwalk" "module_at_work $begun" \
    maven -q -DskipTests -Dmaven.test.skip=true -pl "$module" -am package || die "the build failed"
  rm -f "$begun"
  echo "$sources" >"$(stamp_file "$module")"
}

# In batch mode, and without the codes for a terminal that Maven writes even where there is none.
maven() {
  local options=${MAVEN_OPTS:-}
  [ -t 1 ] || options="$options -Djansi.noreset=true"
  (cd "$HOME_FOLDER" && MAVEN_OPTS=$options "$MAVEN" --batch-mode "$@")
}

# Maven is silent here; the newest file that it wrote tells which module it is at.
module_at_work() {
  local newest
  newest=$(find "$HOME_FOLDER"/*/target -type f -newer "$1" -printf '%T@ %P %p\n' 2>/dev/null | sort -n | tail -n 1)
  newest=${newest##*"$HOME_FOLDER"/}
  [ -z "$newest" ] || printf '(%s)' "${newest%%/*}"
}

# java_command MODULE: fills the array "java" with the JVM, its options and its class path.
java_command() {
  local module=$1 jar=$HOME_FOLDER/$1/target/boardwalk-$1.jar
  [ "$module" != gateway ] || jar=$HOME_FOLDER/gateway/target/boardwalk.jar
  [ -f "$jar" ] || die "the build made no $jar"
  java=(
    "$(place_of "$(find_jdk)")/bin/java"
    --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow
    -XX:+UseCompactObjectHeaders
    -XX:+UseG1GC
    -XX:MaxRAMPercentage=25
    -XX:+ExitOnOutOfMemoryError
    "-Dboardwalk.home=$HOME_FOLDER"
    "-Dboardwalk.postgres.script=$SCRIPTS/private-postgres"
  )
  # shellcheck disable=SC2206 # options are separated by blanks, as in JAVA_TOOL_OPTIONS
  java+=(${BOARDWALK_JAVA_OPTS:-} -cp "$jar:$HOME_FOLDER/$module/target/lib/*")
}

# server COMMAND...: a command of the server's program in the foreground of this process.
server() {
  build gateway
  java_command gateway
  # Words of the launcher, which are no settings of the server.
  unset BOARDWALK_JAVA_OPTS BOARDWALK_HOME BOARDWALK_NODE BOARDWALK_NPM BOARDWALK_CHROMIUM BOARDWALK_MINIO
  exec "${java[@]}" "$SERVER_MAIN" "$@"
}

bench() {
  ensure_postgres
  ensure_node
  build bench
  use_build_tools
  BOARDWALK_NODE=$(place_of "$(find_node)")
  export BOARDWALK_NODE BOARDWALK_HOME=$HOME_FOLDER
  java_command gateway
  local server
  server=$(printf '%s\n' "${java[@]}" "$SERVER_MAIN")
  BOARDWALK_JAVA_OPTS="" java_command bench # those are for the server
  exec "${java[@]}" "-Dboardwalk.server.command=$server" "$BENCH_MAIN" "$@"
}
