#!/usr/bin/env bash
# Install the system packages that a job needs, where apt-get and root are there; say what is missing where not.
#   system.sh demo | test | python PYTHON
set -u

apertium=(apertium apertium-eng-spa apertium-eng-cat apertium-es-pt)

missing() { # packages of "$@" that are not installed
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || echo "$package"
  done
}

silently() { # a command, during which no package starts its service
  local policy=/usr/sbin/policy-rc.d mine=
  if [ ! -e "$policy" ] && [ "$(id -u)" -eq 0 ] && mine=yes; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  fi
  "$@"
  [ -z "$mine" ] || rm -f "$policy"
}

need() { # why, packages …
  local why=$1; shift
  command -v dpkg-query >/dev/null 2>&1 || { echo "note: no Debian packages here; $why may be missing ($*)"; return 0; }
  local wanted; mapfile -t wanted < <(missing "$@")
  [ ${#wanted[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "note: $why is not installed; as root: apt-get install ${wanted[*]}"
    return 0
  fi
  echo "installing ${wanted[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null 2>&1 ||
    echo "note: could not install ${wanted[*]}; $why is missing"
}

case "${1:-}" in
  demo) need "the translation engine Apertium" "${apertium[@]}" ;;
  test)
    need "the translation engine Apertium" "${apertium[@]}"
    command -v chromium >/dev/null 2>&1 || need "the browser for the tests" chromium
    command -v jq >/dev/null 2>&1 || need "jq, for the workflows of GitHub" jq
    need "fonts for Arabic and Japanese" fonts-noto-core fonts-noto-cjk
    # the tests start it themselves, on loopback
    command -v nginx >/dev/null 2>&1 || silently need "the web server for the tests" nginx openssl
    ;;
  python)
    "${2:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
      echo "kbtool needs Python 3.11 or later; found: $("${2:-python3}" --version 2>&1)" >&2
      exit 1
    }
    "${2:-python3}" -c 'import ensurepip, venv' 2>/dev/null || need "Python's venv" python3-venv
    ;;
  *) echo "usage: system.sh demo | test | python PYTHON" >&2; exit 2 ;;
esac
