# shellcheck shell=bash disable=SC2034
# actionlint: reads workflows of GitHub Actions. A minute on 2 cores.
version=1.7.7
needs=(go)

build() {
  CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOBIN=$1 go install "github.com/rhysd/actionlint/cmd/actionlint@v$version"
}
