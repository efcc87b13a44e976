"""``python -m goodword`` is the command ``goodword``."""

from __future__ import annotations

from goodword.cli import main

if __name__ == "__main__":
    main()
