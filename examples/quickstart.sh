#!/usr/bin/env bash
# Builds samebits and plays a delivery pipeline with it: pull request, preprod, gate, release, rollback.
#
# usage: examples/quickstart.sh [--dir DIR] [--yes] [--servers] [--program FILE]
#   --dir DIR       play there (default: a new temporary folder)
#   --yes           do not ask before apt installs packages
#   --servers       play with real servers on loopback: docker-registry instead of a folder of images, and Git over HTTP
#                   (git http-backend behind nginx) instead of folders
#   --program FILE  play with this samebits instead of building one
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=support/debian_packages.sh
. "$top/examples/support/debian_packages.sh"

dir=
program=
servers=no
ask_first=yes
while [ $# -gt 0 ]; do
  case "$1" in
    --dir)
      dir=${2:?--dir needs a folder}
      shift
      ;;
    --program)
      program=${2:?--program needs a file}
      shift
      ;;
    --yes) ask_first=no ;;
    --servers) servers=yes ;;
    -h | --help)
      sed -n '2,9s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *)
      echo "quickstart: unknown option '$1' (see --help)" >&2
      exit 2
      ;;
  esac
  shift
done

# Shows how far a build is on a terminal; elsewhere only what went wrong.
run_build() {
  if [ -t 1 ]; then
    "$@"
  else
    local log
    log=$("$@" 2>&1) || {
      printf '%s\n' "$log" | tail -50 >&2
      return 1
    }
  fi
}

if [ "$servers" = yes ]; then install_packages "$ask_first" docker-registry skopeo git python3 nginx-light fcgiwrap; fi
if [ -z "$program" ]; then
  install_packages "$ask_first" "${build_packages[@]}"
  echo "Building samebits (the first time takes a minute or two, later times seconds) ..."
  run_build cmake -S "$top" -B "$top/build/release" -G Ninja -C "$top/cmake/release.cmake" -DSAMEBITS_DEVELOPER=OFF
  run_build cmake --build "$top/build/release" --parallel "$(nproc)" --target samebits_cli
  program=$top/build/release/examples/cli/samebits
fi
samebits=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

[ -n "$dir" ] || dir=$(mktemp -d -t samebits-quickstart-XXXXXX)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
if [ -e "$dir/gitops.git" ]; then
  echo "quickstart: $dir was played in already; name another folder with --dir" >&2
  exit 2
fi
cd "$dir"
# Whoever plays: the same commits, whatever their Git is told to do (sign, run hooks, ...).
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

# title TEXT EXPLANATION
title() {
  if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$1"; else printf '\n%s\n' "$1"; fi
  printf '   %s\n' "${@:2}"
}

# play STATUS ARGUMENTS...: shows a command and its output, and checks how it ends.
# SAMEBITS_GITOPS says which repository is meant.
play() {
  local wanted=$1 status=0
  shift
  printf '\n  $ samebits %s\n' "$*"
  "$samebits" "$@" 2>&1 | sed 's/^/    /' || status=${PIPESTATUS[0]}
  if [ "$status" -ne "$wanted" ]; then
    echo "quickstart: expected exit status $wanted, and it was $status" >&2
    exit 1
  fi
  if [ "$status" -ne 0 ]; then echo "    (exit status $status)"; fi
}

export GIT_AUTHOR_NAME="Ada Lovelace" GIT_AUTHOR_EMAIL=ada@example.com
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
in_source() { git -C "$dir/.source" "$@"; }
build_image() { # what CI does: one image a commit, for two platforms
  "$top/examples/images/make_image.py" images "$1" --content "$2" >/dev/null
  if [ "$servers" = yes ]; then
    skopeo copy -q --all --dest-tls-verify=false "oci:images:$1" "docker://$repository:$1"
  fi
  echo "    built $repository:$1"
}

# Where things are, as `samebits init` gets it: with --servers some of it is at servers that end with this script.
image=oci:../images
repository=oci:images
source=../source.git
gitops=$dir/gitops.git
servers_running=()
trap 'kill "${servers_running[@]}" 2>/dev/null || true' EXIT
# Who plays keeps nothing of this elsewhere.
export XDG_CACHE_HOME=$dir/.cache
start_git() {
  mkdir -p git
  : >git/log # before anybody reads it
  "$top/examples/support/git_over_http.py" "$dir" "$dir/git" >git/log 2>&1 &
  servers_running+=($!)
  local port=
  while [ -z "$port" ]; do
    kill -0 $! 2>/dev/null || {
      cat git/log >&2
      exit 1
    }
    port=$(sed -n 's/^port //p' git/log)
    [ -n "$port" ] || sleep 0.05
  done
  git_port=$port
  source=http://localhost:$port/source.git
  gitops=http://localhost:$port/gitops.git
}
start_registry() {
  local log=$dir/registry/log port=
  mkdir -p registry
  cat >registry/config.yml <<YAML
version: 0.1
log: {level: info, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $dir/registry/data}}
http: {addr: "127.0.0.1:0"}
YAML
  : >"$log"
  docker-registry serve registry/config.yml >"$log" 2>&1 &
  servers_running+=($!)
  while [ -z "$port" ]; do
    kill -0 $! 2>/dev/null || {
      cat "$log" >&2
      exit 1
    }
    port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$log" | head -1)
    [ -n "$port" ] || sleep 0.05
  done
  # So that it can be started again, at the same place.
  sed -i "s/127\.0\.0\.1:0/127.0.0.1:$port/" registry/config.yml
  image=localhost:$port/service-demo
  repository=$image
}
if [ "$servers" = yes ]; then
  start_registry
  start_git
fi

title "1. An app, its images and a GitOps repository" \
  "What a team has already: source.git, and images that its builds tagged with the commit." \
  "samebits writes the first files of the GitOps repository: which service, which environments, which gates."
git init -q -b main .source
echo 'print("hello")' >.source/app.py
in_source add app.py
in_source commit -q -m "Say hello"
in_source checkout -q -b feature
in_source commit -q --allow-empty -m "Try something"
first=$(in_source rev-parse HEAD)
in_source commit -q --allow-empty -m "Try it better"
second=$(in_source rev-parse HEAD)
in_source checkout -q main
in_source merge -q --no-ff -m "Merge pull request 42" feature
merged=$(in_source rev-parse HEAD)
git clone -q --bare .source source.git
build_image "pr-42-$first" one
build_image "pr-42-$second" two
build_image "main-$merged" two-merged
printf '\n  $ samebits init gitops --service service-demo --image %s --source %s\n' "$image" "$source"
"$samebits" init gitops --service service-demo --image "$image" --source "$source" | sed 's/^/    /'
git -C gitops init -q -b main
git -C gitops add .
git -C gitops commit -q -m "Begin"
git clone -q --bare gitops gitops.git
git -C gitops remote add origin "$dir/gitops.git"
export SAMEBITS_GITOPS=$gitops
printf '\n  $ export SAMEBITS_GITOPS=%q\n' "$SAMEBITS_GITOPS"

title "2. Pull request 42 opens, is pushed again, and closes" \
  "A preview is one values file that the cluster's reconciler finds in Git. Each command is one commit."
play 0 preview up --pr 42 --sha "$first"
play 0 preview up --pr 42 --sha "$second"
play 0 preview list
play 0 preview down --pr 42

title "3. It was merged: the build of the merge commit goes to preprod" \
  "The tag is resolved to its digest once; the digest is recorded beside the values."
play 0 promote preprod --sha "$merged"

title "4. No release without the gate: nobody tested it yet, then the tests fail" \
  "A refusal says which rule, what is the case and what to do. Nothing is written by it."
play 10 release 1.0.0
play 0 gate post --gate preprod-tests --sha "$merged" --conclusion failure
play 10 release 1.0.0

title "5. The tests pass for exactly these bits: released, prod and dev in one commit" \
  "v1.0.0 is a second tag on the digest that ran in preprod. Nothing is rebuilt."
play 0 gate post --gate preprod-tests --sha "$merged" --conclusion success
play 0 release 1.0.0
play 0 image list "$repository"
play 0 image show "$repository:v1.0.0"
play 0 image show "$repository:main-$merged"

title "6. A second release, and a rollback" \
  "A rollback goes only to bits that the records know, and is a commit like any other."
in_source commit -q --allow-empty -m "Say it louder"
next=$(in_source rev-parse HEAD)
in_source push -q "$dir/source.git" main
build_image "main-$next" three
play 0 promote preprod --sha "$next"
play 0 gate post --gate preprod-tests --sha "$next" --conclusion success
play 0 release 1.1.0
play 0 rollback production --to v1.0.0

title "7. Where is what?" "Answered from Git alone."
play 0 status
play 0 history prod
play 0 trace v1.0.0

git -C gitops fetch -q origin
git -C gitops reset -q --hard origin/main
rm -rf .source

title "What to try next"
cat <<TEXT
  export PATH="$top/build/release/examples/cli:\$PATH" SAMEBITS_GITOPS="$gitops"
  samebits release 1.2.0 --sha main --dry-run     # the plan and the diff, nothing is written
  samebits rollback production --to v1.1.0
  samebits rollback prod --to v1.1.0              # refused: prod and dev change together
  git -C "$dir/gitops" log --stat                 # what a reviewer sees

  source.git   the app's repository, with the release tags and the gates' evidence (branch samebits/gates)
  images       the OCI image layout
  gitops.git   what the reconciler reads
  gitops       a clone of it to look at
TEXT
if [ "$servers" = yes ]; then
  printf '  registry     what the registry keeps; it ended with this script: docker-registry serve %q\n' \
    "$dir/registry/config.yml"
  printf '  git          what the Git server keeps; it ended too: %q %q %q %s\n' \
    "$top/examples/support/git_over_http.py" "$dir" "$dir/git" "$git_port"
fi
cat <<TEXT

The folder of this play:
TEXT
printf '%s\n' "$dir"
