"""The models cost nothing until something is scored."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
from goodword.cli import main
sys.argv = ["goodword", "--help"]
try:
    main()
finally:
    print(sorted({"numpy", "scipy", "polars"} & set(sys.modules)), file=sys.stderr)
"""


def test_help_loads_no_arrays() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)

    assert done.stderr.strip().splitlines()[-1] == "[]"
