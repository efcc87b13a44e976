"""Figures that were measured, kept beside the builds: a size that is not measured anew stays."""

from __future__ import annotations

from pathlib import Path

from figures import Measured
from pydantic import TypeAdapter, ValidationError

KEPT = Path("build") / "performance.json"
_AS_JSON = TypeAdapter(Measured)


def figures_in(path: Path) -> Measured:
    """Return what is kept at *path*; nothing where there is nothing, or something else."""
    try:
        return _AS_JSON.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return Measured()


def keep_figures(measured: Measured, path: Path) -> None:
    """Keep *measured* at *path*."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(_AS_JSON.dump_json(measured, indent=1))
