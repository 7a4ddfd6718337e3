#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares the working tree with another revision of tare, on this machine, in one go: a clean clone of BASE is built and run,
# then the tree. Exit codes as those of `tare compare`: 0 passed, 1 gate crossed, 3 not comparable, 4 not decided.
#
# Usage: docs/ci/compare.sh BASE [ARGUMENTS OF tare compare]      for instance: docs/ci/compare.sh origin/main --format markdown=comment.md
set -eu
base=$1
shift
root=$(git rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git clone --quiet --shared --no-checkout "$root" "$work/base"
git -C "$work/base" checkout --quiet "$(git -C "$root" rev-parse "$base^{commit}")"
for tree in "$work/base" "$root"; do
    (cd "$tree" && cmake --preset release >/dev/null && cmake --build --preset release --target tare >/dev/null)
done
# One suite for both, the tree's; the base's own harness measures the base.
base_run=$("$work/base/build/tare" run "$root/harness/suites/gate.toml" --out "$work/runs" | tail -n 1)
head_run=$("$root/build/tare" run "$root/harness/suites/gate.toml" --out "$work/runs" | tail -n 1)
"$root/build/tare" compare "$base_run" "$head_run" "$@"
