"""What starting takes: the help, and a plan for the sample firm from typing it to the last line."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from pathlib import Path

from children import run_child
from figures import Figure, repeated

START = "import sys; from goodword.cli import main; sys.argv[0] = 'goodword'; main()"
ENGINES = ("narwhals", "polars", "duckdb", "pyspark", "pandas", "numpy", "pyarrow", "pydantic")
"""Modules that help must not load; vendors' SDKs are listed in the test of the same promise."""


def measure_help(times: int, folder: Path) -> list[Figure]:
    """Measure ``goodword --help``, and make sure that it loads no engine."""
    listing = f"{START.removesuffix('; main()')}; sys.argv[1:] = ['--help']\n" + (
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {ENGINES!r} if name in sys.modules])"
    )
    output, _ = run_child(["-c", listing], folder, "")
    if not output.rstrip().endswith("loaded: []"):
        sys.exit(f"--help loads what it should not: {output.splitlines()[-1]}")
    return repeated(times, lambda: run_child(["-c", START, "--help"], folder, "goodword --help")[1])


def measure_sample(times: int, folder: Path) -> list[Figure]:
    """Measure ``goodword plan`` on the sample workbook, its reading and printing included."""
    from goodword.cli.firm_file import write_firm
    from goodword_csv.demo import lay_out

    firm = folder / "sample"
    firm.mkdir()
    sample = lay_out(firm)
    write_firm(firm, sample.settings)
    announce(folder)
    arguments = ["-c", with_site(folder), "plan", "--today", sample.today.isoformat()]
    return repeated(times, lambda: run_child(arguments, firm, "goodword plan")[1])


def announce(folder: Path) -> None:
    """Put into *folder* the entry point an installed CSV plugin leaves, if there is none."""
    if any(point.name == "csv" for point in entry_points(group="goodword")):
        return
    info = folder / "goodword_csv-0.dist-info"
    info.mkdir()
    metadata = "Metadata-Version: 2.1\nName: goodword-csv\nVersion: 0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text("[goodword]\ncsv = goodword_csv\n", encoding="utf-8")


def with_site(folder: Path) -> str:
    """Return the program with *folder* as a place where plugins are announced."""
    return f"import sys; sys.path.append({str(folder)!r}); {START}"
