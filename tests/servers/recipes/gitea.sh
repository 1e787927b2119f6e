# shellcheck shell=bash disable=SC2034
# Gitea: a forge with Git over HTTP, an API and a container registry. About 11 minutes on 2 cores. Without what browsers
# need, which its Go module does not have.
version=1.26.0
needs=(go gcc git)

build() {
  local folder=$1 module
  module=$(go mod download -json "code.gitea.io/gitea@v$version" | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
  # Its replace lines work only in a main module.
  cp -r "$module" "$folder/source"
  chmod -R u+w "$folder/source"
  (cd "$folder/source" && CGO_ENABLED=1 GOFLAGS="-buildvcs=false -mod=mod" \
    go build -tags 'sqlite sqlite_unlock_notify' -ldflags="-s -w -X main.Version=$version" -o ../gitea .)
  mkdir "$folder/assets"
  mv "$folder/source/templates" "$folder/source/options" "$folder/source/public" "$folder/assets"
  rm -rf "$folder/source"
}
