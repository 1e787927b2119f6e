# shellcheck shell=bash disable=SC2034
# Argo CD: its API, repository server, controller and command line are one program; without its web page. With the Helm
# that renders charts for it. About 11 minutes on 2 cores.
argocd=3.2.6
helm=3.19.0
version="$argocd, Helm $helm"
needs=(go redis-server)

build() {
  local folder=$1 module
  export CGO_ENABLED=0 GOFLAGS=-buildvcs=false
  module=$(go mod download -json "github.com/argoproj/argo-cd/v3@v$argocd" | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
  # Its replace lines work only in a main module.
  cp -r "$module" "$folder/source"
  chmod -R u+w "$folder/source"
  # What it embeds as its web page is not in the module.
  mkdir -p "$folder/source/ui/dist/app"
  touch "$folder/source/ui/dist/app/index.html"
  (cd "$folder/source" && GOFLAGS="$GOFLAGS -mod=mod" \
    go build -ldflags="-s -w -X github.com/argoproj/argo-cd/v3/common.version=$argocd" -o ../argocd ./cmd)
  mv "$folder/source/manifests/crds" "$folder/crds"
  rm -rf "$folder/source"
  GOBIN=$folder go install -ldflags="-s -w" "helm.sh/helm/v3/cmd/helm@v$helm"
}
