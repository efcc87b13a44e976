"""The installed browser, driven from outside: it opens a page of ours and says what it sees.

Nothing is loaded from anywhere: the browser starts with a profile of its own and looks up no
name.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--allow-file-access-from-files",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
PATIENCE = 120
"""Seconds one look may take on a busy computer."""

MEASURE = """
<!DOCTYPE html><html><body style="margin:0">
<iframe id="seen" src="PAGE" style="border:0;width:WIDTHpx;height:900px"></iframe>
<pre id="told"></pre>
<script>
document.getElementById("seen").addEventListener("load", () => {
  const seen = document.getElementById("seen").contentDocument;
  const root = seen.documentElement;
  const box = element => element.getBoundingClientRect();
  const shown = [...seen.querySelectorAll("body *")].filter(one => one.checkVisibility());
  const outside = shown.filter(one =>
    one.textContent.trim() && box(one).width > 1 &&
    (box(one).right > root.clientWidth + 1 || box(one).left < -1));
  document.getElementById("told").textContent = JSON.stringify({
    width: root.clientWidth,
    scroll: root.scrollWidth,
    outside: outside.map(one => one.tagName + "." + one.className),
    headings: [...seen.querySelectorAll("h1, h2")].map(one => one.innerText),
    smallest: Math.min(...shown.filter(one => one.textContent.trim())
      .map(one => parseFloat(seen.defaultView.getComputedStyle(one).fontSize))),
    scripts: seen.scripts.length,
    loaded: seen.defaultView.performance.getEntriesByType("resource").map(one => one.name),
  });
});
</script></body></html>
"""
"""A page around a page: the width a phone has, and what is seen in it."""


def browser() -> str:
    """Return where the browser is.

    Raises:
        AssertionError: There is none; these tests run where there is one.
    """
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found is not None, f"install one of: {', '.join(NAMES)}"
    return found


def looked(page: Path, room: Path, *flags: str) -> str:
    """Open *page* in a fresh profile below *room*; return what the browser prints."""
    profile = room / "profile"
    command = [browser(), *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False
    )
    shutil.rmtree(profile, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def seen_at(page: Path, room: Path, width: int) -> dict[str, Any]:
    """Return what a person sees of *page* on a screen *width* pixels wide."""
    around = room / f"around-{width}.html"
    text = MEASURE.replace("PAGE", html.escape(page.as_uri())).replace("WIDTH", str(width))
    around.write_text(text, encoding="utf-8")
    dom = looked(around, room, f"--window-size={max(width, 500)},900", "--dump-dom")
    told = re.search(r'<pre id="told">(.+?)</pre>', dom, re.DOTALL)
    assert told is not None, "the page was not rendered"
    answer: dict[str, Any] = json.loads(html.unescape(told[1]))
    return answer


def printed(page: Path, room: Path) -> bytes:
    """Return *page* as it is printed on A4 paper, a PDF."""
    paper = room / "paper.html"
    text = page.read_text(encoding="utf-8")
    paper.write_text(text.replace("</style>", "@page { size: A4; }</style>", 1), encoding="utf-8")
    to = room / "paper.pdf"
    looked(paper, room, "--no-pdf-header-footer", f"--print-to-pdf={to}")
    return to.read_bytes()


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return width and height of each page of a PDF, in whole points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]
