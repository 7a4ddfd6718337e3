# SPDX-License-Identifier: Apache-2.0
"""What a release is made of: an archive that knows its revision, and checksums of all, of nothing that is not committed."""
import re
import subprocess

import tare

VERSION = re.search(r"project\(tare VERSION ([\d.]+)", (tare.SOURCE / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
PACKAGE = f"tare_{VERSION}_amd64.deb"


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=True).stdout.strip()


class Dist(tare.Case):
    def setUp(self):
        super().setUp()
        self.clone = self.folder / "clone"
        subprocess.run(["git", "clone", "--quiet", "--shared", tare.SOURCE, self.clone], check=True)
        self.packages = self.clone / "build" / "packages"
        self.packages.mkdir(parents=True)
        (self.packages / PACKAGE).write_text("a package\n", encoding="utf-8")

    def dist(self):
        return subprocess.run(["tools/make_dist.sh", "build"], cwd=self.clone, capture_output=True, text=True, check=False)

    def archive(self, ending):
        done = self.dist()
        self.assertEqual(done.returncode, 0, done.stderr)
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=self.packages, check=True)
        archives = list(self.packages.glob("*.tar.gz"))
        self.assertEqual([path.name for path in archives], [f"tare-{VERSION}{ending}.tar.gz"])
        self.assertEqual([line.split()[1] for line in done.stdout.splitlines()], [PACKAGE, archives[0].name])
        return archives[0]

    def test_the_archive_knows_its_revision_where_there_is_no_repository(self):
        revision = git(self.clone, "rev-parse", "HEAD")
        # As in the packaging of somebody else, whose repository this is not.
        subprocess.run(["git", "init", "--quiet", self.folder / "out"], check=True)
        subprocess.run(["tar", "-xf", self.archive(f"-{revision[:12]}"), "-C", self.folder / "out"], check=True)
        tree = self.folder / "out" / f"tare-{VERSION}-{revision[:12]}"
        header = self.folder / "revision.h"
        script = tree / "cmake/write_revision.cmake"
        subprocess.run(["cmake", f"-DSOURCE_DIR={tree}", f"-DHEADER={header}", "-P", script], check=True)
        text = header.read_text(encoding="utf-8")
        self.assertIn(f'revision = "{revision}"', text)
        self.assertIn("modified = false", text)

    def test_the_tag_of_the_version_is_a_release(self):
        git(self.clone, "tag", f"v{VERSION}")
        self.archive("")

    def test_what_is_not_committed_is_refused(self):
        with open(self.clone / "README.md", "a", encoding="utf-8") as file:
            file.write("more\n")
        done = self.dist()
        self.assertEqual(done.returncode, 2)
        self.assertIn("README.md", done.stderr)
        self.assertEqual(list(self.packages.glob("*.tar.gz")), [])


if __name__ == "__main__":
    tare.main()
