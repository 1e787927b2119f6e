# shellcheck shell=bash
# Sourced. install_packages ASK NAME...: installs by apt those that are missing, after saying which; with ASK "yes" and a
# terminal it asks first.

install_packages() {
  local ask=$1 missing=() package
  shift
  if ! command -v dpkg-query >/dev/null; then
    printf 'This is no Debian; what is needed is, by the names of Debian 12: %s\n' "$*" >&2
    return 0
  fi
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  printf 'To be installed with apt: %s\n' "${missing[*]}" >&2
  if [ "$ask" = yes ] && [ -t 0 ]; then
    local answer
    read -r -p 'Install them? [Y/n] ' answer
    case "$answer" in
      '' | [yY]*) ;;
      *) return 1 ;;
    esac
  fi
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
