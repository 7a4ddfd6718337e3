#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are named and missing; does nothing, and needs no right, when none is.
set -eu

command -v dpkg-query >/dev/null || { echo "make deps: needs Debian's dpkg; install by hand: $*" >&2; exit 2; }
missing=""
for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing:$missing" >&2
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086 # one word a package
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >&2
