# shellcheck shell=bash disable=SC2034
# Prism, and GitHub's own OpenAPI description: what GitHub's double is held against. Half a minute, and a network.
version=5.16.0+23.0.2+2
needs=(npm node python3)

build() {
  local recipes
  recipes=$(dirname "${BASH_SOURCE[0]}")
  npm install --ignore-scripts --no-audit --no-fund --prefix "$1" @stoplight/prism-cli@5.16.0 @octokit/openapi@23.0.2
  python3 "$recipes/../github_description.py" \
    "$1/node_modules/@octokit/openapi/generated/api.github.com.json" "$1/github.json"
  # 390 MB of descriptions that nobody reads any more.
  rm -r "$1/node_modules/@octokit/openapi"
}
