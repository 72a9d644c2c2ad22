"""The command line, run as people run it."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "embedded", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=100
    )


class TestCommandLine(unittest.TestCase):
    def test_a_site_is_made_served_and_billed(self):
        with tempfile.TemporaryDirectory() as folder:
            site = f"{folder}/try.site"
            made = run("new-site", "--site", site)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertIn("for trying", made.stdout)
            self.assertEqual(run("new-site", "--site", site).returncode, 1)
            hourly = run("hourly", "--site", site)
            self.assertIn("jobs run", hourly.stdout, hourly.stderr)
            self._serve(site)

    def _serve(self, site: str) -> None:
        command = [sys.executable, "-m", "embedded", "serve", "--site", site, "--port", "18750"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            try:
                address = next(
                    found.group()
                    for line in server.stdout
                    if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
                )
                self.assertEqual(
                    requests.get(f"{address}/api/method/ping", timeout=20).json(), {"message": "pong"}
                )
            finally:
                server.terminate()

    def test_it_refuses_to_stand_in_for_a_real_frappe(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "frappe").mkdir()
            (Path(folder) / "frappe" / "__init__.py").write_text("")
            refused = run("hourly", "--site", folder, PYTHONPATH=folder)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("A real Frappe is installed", refused.stderr)
