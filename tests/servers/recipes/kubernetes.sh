# shellcheck shell=bash disable=SC2034
# Kubernetes: etcd, the API, controllers and the scheduler, with kwok, which plays a node whose pods become ready by
# themselves. About 14 minutes on 2 cores.
kubernetes=1.34.4
# Debian's lacks what lists by watching need.
etcd=3.5.21
kwok=0.7.0
version="$kubernetes, etcd $etcd, kwok $kwok"
needs=(go)

# module_file MODULE@VERSION: prints where Go keeps its go.mod.
module_file() { go mod download -json "$1" | sed -n 's/.*"GoMod": "\(.*\)",/\1/p'; }

# begin_module FOLDER MODULE@VERSION: a module that needs that one, in place of the one before. What has replace lines in its
# go.mod is built from within another.
begin_module() {
  rm -rf "$1"
  mkdir "$1"
  go -C "$1" mod init servers
  go -C "$1" mod edit -require="$2"
}

build_kubernetes() {
  local folder=$1 module=k8s.io/kubernetes@v$kubernetes part program stamp=k8s.io/component-base/version
  begin_module "$folder/source" "$module"
  # It calls its parts v0.0.0, and has them in a folder; they are published as v0.MINOR.PATCH.
  sed -n 's/^[[:space:]]*\(k8s\.io\/[a-z-]*\) v0\.0\.0$/\1/p' "$(module_file "$module")" | sort -u | while read -r part; do
    go -C "$folder/source" mod edit -replace="$part=$part@v0${kubernetes#1}"
  done
  for program in kube-apiserver kube-controller-manager kube-scheduler; do
    go -C "$folder/source" build -o "$folder/$program" \
      -ldflags="-s -w -X $stamp.gitVersion=v$kubernetes -X $stamp.gitMajor=1 -X $stamp.gitMinor=34" \
      "k8s.io/kubernetes/cmd/$program"
  done
}

build() {
  local folder=$1
  export CGO_ENABLED=0 GOFLAGS="-buildvcs=false -mod=mod"
  build_kubernetes "$folder"
  begin_module "$folder/source" "go.etcd.io/etcd/server/v3@v$etcd"
  go -C "$folder/source" build -ldflags="-s -w" -o "$folder/etcd" go.etcd.io/etcd/server/v3
  rm -r "$folder/source"
  GOFLAGS=-buildvcs=false GOBIN=$folder go install -ldflags="-s -w" "sigs.k8s.io/kwok/cmd/kwok@v$kwok"
}
