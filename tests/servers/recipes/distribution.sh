# shellcheck shell=bash disable=SC2034
# distribution 3: the registry that Docker's own comes from. About 2 minutes on 2 cores.
version=3.0.0
needs=(go)

build() {
  CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOBIN=$1 \
    go install "github.com/distribution/distribution/v3/cmd/registry@v$version"
}
