#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts what a release is made of into BUILD/packages, beside the Debian packages there: the source archive of the commit, and the
# checksums of all. What is not committed would be in the packages and not in the archive, and is refused.
set -eu

packages=$1/packages
if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
    echo "make dist: commit first; these are in no revision:" >&2
    git status --short >&2
    exit 2
fi
version=$(sed -n 's/^project(tare VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
git describe --exact-match --tags --match "v$version" >/dev/null 2>&1 || version=$version-$(git rev-parse --short=12 HEAD)
git archive --format=tar --prefix="tare-$version/" HEAD | gzip -9n >"$packages/tare-$version.tar.gz"
cd "$packages"
rm -f SHA256SUMS
sha256sum -- *.deb *.tar.gz >SHA256SUMS
cat SHA256SUMS
