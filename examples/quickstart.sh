#!/usr/bin/env bash
# Builds samebits and plays a delivery pipeline with it: pull request, preprod, gate, release, rollback.
#
# usage: examples/quickstart.sh [--dir DIR] [--yes] [--servers]
#   --dir DIR  play there (default: a new temporary folder)
#   --yes      do not ask before apt installs packages
#   --servers  play against a real registry; not in this version
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=support/debian_packages.sh
. "$top/examples/support/debian_packages.sh"

dir=
while [ $# -gt 0 ]; do
  case "$1" in
    --dir)
      dir=${2:?--dir needs a folder}
      shift
      ;;
    --yes) ;;
    --servers)
      echo "quickstart: this version works on local repositories and OCI image layouts; --servers comes with registries" >&2
      exit 2
      ;;
    -h | --help)
      sed -n '2,7s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *)
      echo "quickstart: unknown option '$1' (see --help)" >&2
      exit 2
      ;;
  esac
  shift
done

install_packages "${build_packages[@]}"
echo "Building samebits (the first time takes a minute or two, later times seconds) ..."
cmake -S "$top" -B "$top/build/release" -G Ninja -C "$top/cmake/release.cmake" -DSAMEBITS_DEVELOPER=OFF >/dev/null
cmake --build "$top/build/release" --parallel "$(nproc)" --target samebits_cli >/dev/null
samebits=$top/build/release/examples/cli/samebits

[ -n "$dir" ] || dir=$(mktemp -d -t samebits-quickstart-XXXXXX)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
if [ -e "$dir/gitops.git" ]; then
  echo "quickstart: $dir was played in already; name another folder with --dir" >&2
  exit 2
fi
cd "$dir"

title() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[ -t 1 ] || title() { printf '\n%s\n' "$1"; }

# play STATUS ARGUMENTS...: shows a command and its output, and checks how it ends.
play() {
  local wanted=$1 status=0
  shift
  printf '\n  $ samebits %s\n' "$*"
  "$samebits" "$@" --gitops "$dir/gitops.git" 2>&1 | sed 's/^/    /' || status=${PIPESTATUS[0]}
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
  echo "    built images:$1"
}

title "1. An app, its images and a GitOps repository"
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
printf '\n  $ samebits init gitops --service service-demo --image oci:../images --source ../source.git\n'
"$samebits" init gitops --service service-demo --image oci:../images --source ../source.git | sed 's/^/    /'
git -C gitops init -q -b main
git -C gitops add .
git -C gitops commit -q -m "Begin"
git clone -q --bare gitops gitops.git
git -C gitops remote add origin "$dir/gitops.git"

title "2. Pull request 42 opens, is pushed again, and closes"
play 0 preview up --pr 42 --sha "$first"
play 0 preview up --pr 42 --sha "$second"
play 0 preview list
play 0 preview down --pr 42

title "3. It was merged: the build of the merge commit goes to preprod"
play 0 promote preprod --sha "$merged"

title "4. No release without the gate: nobody tested it yet, then the tests fail"
play 10 release 1.0.0
play 0 gate post --gate preprod-tests --sha "$merged" --conclusion failure
play 10 release 1.0.0

title "5. The tests pass for exactly these bits: released, prod and dev in one commit"
play 0 gate post --gate preprod-tests --sha "$merged" --conclusion success
play 0 release 1.0.0
play 0 image list oci:images
play 0 image show oci:images:v1.0.0

title "6. A second release, and a rollback"
in_source commit -q --allow-empty -m "Say it louder"
next=$(in_source rev-parse HEAD)
in_source push -q "$dir/source.git" main
build_image "main-$next" three
play 0 promote preprod --sha "$next"
play 0 gate post --gate preprod-tests --sha "$next" --conclusion success
play 0 release 1.1.0
play 0 rollback production --to v1.0.0

title "7. Where is what?"
play 0 status
play 0 history prod
play 0 trace v1.0.0

git -C gitops fetch -q origin
git -C gitops reset -q --hard origin/main
rm -rf .source

title "What to try next"
cat <<TEXT
  export PATH="$top/build/release/examples/cli:\$PATH" SAMEBITS_GITOPS="$dir/gitops.git"
  samebits release 1.2.0 --sha main --dry-run     # the plan and the diff, nothing is written
  samebits rollback production --to v1.1.0
  git -C "$dir/gitops" log --stat                 # what a reviewer sees

The folder of this play:
TEXT
printf '%s\n' "$dir"
