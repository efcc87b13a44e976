"""Comparing what the product and its rivals answer: every table they leave must be equal."""

from __future__ import annotations

from pathlib import Path

import polars as pl

NAMES = ("changes", "tasks", "closed", "moved", "verdicts")


def differences(ours: Path, theirs: Path) -> list[str]:
    """Return one line for each table that is not equal; none where all are."""
    return [line for name in NAMES if (line := _difference(ours, theirs, name))]


def _difference(ours: Path, theirs: Path, name: str) -> str:
    mine, other = (_read(folder / f"{name}.parquet") for folder in (ours, theirs))
    if mine.equals(other):
        return ""
    if mine.columns != other.columns:
        return f"{name}: columns {mine.columns} and {other.columns}"
    only = mine.join(other, on=mine.columns, how="anti", nulls_equal=True).height
    also = other.join(mine, on=mine.columns, how="anti", nulls_equal=True).height
    rows = f"{mine.height:,} rows and {other.height:,}"
    return f"{name}: {rows}; {only:,} only here, {also:,} only there"


def _read(path: Path) -> pl.DataFrame:
    """Read a table of answers; a field that is not written has no value."""
    frame = pl.read_parquet(path)
    whole = [c for c in frame.columns if frame.schema[c].is_integer()]
    frame = frame.with_columns(pl.col(whole).cast(pl.Int64)) if whole else frame
    written = [c.removeprefix("set:") for c in frame.columns if c.startswith("set:")]
    return frame.with_columns(pl.when(pl.col(f"set:{c}")).then(pl.col(c)).alias(c) for c in written)
