"""The guides hold together: every link leads somewhere, every page has its twin, pictures are small and used."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
PICTURE_BYTES = 150_000


def pages() -> list[Path]:
    return sorted(DOCS.rglob("*.md"))


def links(page: Path) -> set[str]:
    """The relative addresses a page leads to, pictures included."""
    found = LINK.findall(page.read_text(encoding="utf-8"))
    return {address for address in found if "://" not in address and not address.startswith("mailto:")}


class TestDocs(unittest.TestCase):
    def test_every_link_leads_to_a_file(self) -> None:
        for page in pages():
            for address in links(page):
                with self.subTest(page=page.name, address=address):
                    self.assertTrue((page.parent / address).exists())

    def test_every_page_of_the_guide_is_there_in_both_languages(self) -> None:
        counts = {language: len(list((DOCS / language).glob("*.md"))) for language in ("en", "fr")}
        self.assertEqual(counts["en"], counts["fr"])
        for language in counts:
            listed = links(DOCS / language / "guide.md")
            for page in (DOCS / language).glob("*.md"):
                with self.subTest(page=page.name):
                    self.assertTrue(page.name == "guide.md" or page.name in listed, "the guide lists it")

    def test_pictures_are_small_and_each_is_shown(self) -> None:
        shown = {(page.parent / address).resolve() for page in pages() for address in links(page)}
        for picture in sorted((DOCS / "images").glob("*.png")):
            with self.subTest(picture=picture.name):
                self.assertLess(picture.stat().st_size, PICTURE_BYTES)
                self.assertIn(picture.resolve(), shown)
