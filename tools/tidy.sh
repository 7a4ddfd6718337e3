#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clang-tidy over every translation unit of ours, two at a time, with .clang-tidy's checks as errors.
set -eu
build=$1
git ls-files '*.cc' | xargs -P "$(nproc)" -n 1 clang-tidy -p "$build" --quiet --warnings-as-errors='*' 2>/dev/null
