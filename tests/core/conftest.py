"""What the tests of the core share: ``ledger_writes`` and ``merged_pulls`` are importable."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share two modules
