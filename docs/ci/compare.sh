#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares what is committed here with another revision of tare, on this machine, in one job: the tree's tare is built, and
# `tare ab` builds the servers of both revisions and runs them side by side with a control. Exit codes as those of `tare ab`:
# 0 passed, 1 gate crossed, 3 not comparable, 4 not decided, 5 a build or a run failed.
#
# Usage: docs/ci/compare.sh BASE [ARGUMENTS OF tare ab]      for instance: docs/ci/compare.sh origin/main --format markdown=comment.md
set -eu
base=$1
shift
cd "$(git rev-parse --show-toplevel)"
cmake --preset release >/dev/null
cmake --build --preset release --target tare >/dev/null
exec build/tare ab gate --base "$base" --head HEAD "$@"
