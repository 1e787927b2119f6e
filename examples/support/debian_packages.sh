# Sourced. install_packages NAME...: installs by apt those that are missing, after saying which.

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  printf 'Installing with apt: %s\n' "${missing[*]}" >&2
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      printf 'These packages are missing and there is no sudo; as root: apt-get install %s\n' "${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# What the library and its command line need to be built.
# shellcheck disable=SC2034
build_packages=(build-essential cmake ninja-build ccache pkg-config git python3 libgit2-dev libyaml-cpp-dev rapidjson-dev
  libcurl4-openssl-dev libfmt-dev libssl-dev zlib1g-dev libcli11-dev)
