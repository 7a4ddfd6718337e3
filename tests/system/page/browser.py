# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium that shows a local page and tells what it asked for, said and laid out."""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

import made_up_run as made_up

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def require():
    """Skips the test where there is no browser; fails where everything is required."""
    missing = [package for package, there in (("python3-selenium", webdriver), ("chromium", shutil.which("chromium")),
                                              ("chromium-driver", shutil.which("chromedriver"))) if not there]
    if missing and os.environ.get("TARE_REQUIRE_ALL") == "1":
        raise AssertionError(f"required here: {', '.join(missing)}")
    if missing:
        raise unittest.SkipTest(f"needs {', '.join(missing)}")


class Browser:
    def __init__(self, profile):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.ask("Network.enable")
        self.ask("Accessibility.enable")

    def ask(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def show(self, path, width, dark=False):
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.driver.get(path.as_uri())

    def evaluate(self, script):
        return self.driver.execute_script(script)

    def said(self):
        """The lines of the console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested(self):
        """The addresses asked for since the last call, without those inside the page."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        urls = [message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith("data:")]

    def headings(self):
        """(level, name) of all headings, as assistive technology is told; needs no script in the page."""
        found = []
        for node in self.ask("Accessibility.getFullAXTree")["nodes"]:
            if node.get("role", {}).get("value") == "heading" and not node.get("ignored"):
                level = next(each["value"]["value"] for each in node["properties"] if each["name"] == "level")
                found.append((level, node["name"]["value"]))
        return found

    def close(self):
        self.driver.quit()


class Case(unittest.TestCase):
    """Tests with one browser and a folder for runs."""

    @classmethod
    def setUpClass(cls):
        require()
        folder = tempfile.TemporaryDirectory(prefix="tare-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.browser = Browser(cls.folder / "profile")
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def new_run(cls, name):
        (cls.folder / name).mkdir()
        return made_up.copy_of_reference(cls.folder / name)


def main():
    """Runs the tests of the calling file; 77 when one was skipped and none failed, so that a skip is seen."""
    result = unittest.main(module="__main__", exit=False).result
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped else 0)
