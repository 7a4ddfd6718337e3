#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the echo server with one of the patches of this folder against itself without, as a pull request would be, and writes
# the comment. Exit codes as those of `tare ab`: 0 passed, 1 gate crossed.
#
# Usage: [TARE=build/tare] [OUT=FOLDER] examples/echo/compare.sh PATCH [ARGUMENTS OF tare ab]
#   PATCH   adds_a_system_call or removes_an_allocation
#   TARE    the program; tare of PATH without it
#   OUT     where the three runs are kept; without it they go when this ends
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -eq 0 ] || [ ! -f "$here/$1.patch" ]; then
    sed -n '/^# Usage/,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
patch=$here/$1.patch
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 5' INT TERM

commit() { git -C "$work/echo" -c user.name=example -c user.email=example@example.invalid commit --quiet --all --message "$1"; }
mkdir "$work/echo"
cp "$here/echo.c" "$here/Makefile" "$work/echo"
git -C "$work/echo" init --quiet --initial-branch=main
git -C "$work/echo" add .
commit "The echo server"
git -C "$work/echo" checkout --quiet -b patched
git -C "$work/echo" apply "$patch"
commit "$(head -n 1 "$patch")"

"${TARE:-tare}" ab "$here/suite.toml" --repo "$work/echo" --base main --head patched --build "make -s" \
    --out "${OUT:-$work/results}" "$@"
