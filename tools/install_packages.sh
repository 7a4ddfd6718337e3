#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the packages that are named, as Debian 12 names them, and missing; does nothing, and needs no right, when none is. What
# they are called on Ubuntu and Fedora is in packages_elsewhere.txt.
set -eu

elsewhere=$(dirname "$0")/../packages_elsewhere.txt
# shellcheck disable=SC1091 # it is the machine's
distribution=$(. /etc/os-release 2>/dev/null && echo "${ID:-unknown}" || echo unknown)

# The names here of one of Debian's, one a line.
names_of() {
    case $distribution in
        debian)
            echo "$1"
            return
            ;;
        ubuntu) column=2 ;;
        *) column=3 ;;
    esac
    row=$(awk -v name="$1" '$1 == name' "$elsewhere")
    [ -n "$row" ] || {
        echo "install_packages: $1 has no row in packages_elsewhere.txt; install by hand what it is on $distribution" >&2
        return 1
    }
    echo "$row" | awk -v column=$column '$column != "-" {gsub(/,/, "\n", $column); print $column}'
}

case $distribution in
    debian | ubuntu)
        is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
        ;;
    fedora)
        # A package may have been replaced by one that offers its name.
        is_installed() { rpm -q --whatprovides "$1" >/dev/null 2>&1; }
        ;;
    *)
        echo "install_packages: knows Debian, Ubuntu and Fedora, not $distribution; install by hand: $*" >&2
        exit 2
        ;;
esac

missing=""
for package in "$@"; do
    names=$(names_of "$package") || exit 2
    for name in $names; do
        is_installed "$name" || missing="$missing $name"
    done
done
[ -n "$missing" ] || exit 0

echo "installing:$missing" >&2
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
# shellcheck disable=SC2086 # one word a package
case $distribution in
    fedora) $as_root dnf install -y -q --setopt=install_weak_deps=False $missing >&2 ;;
    *)
        $as_root apt-get update -qq
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >&2
        ;;
esac
