"""A line in the log after every run."""

from __future__ import annotations

import logging

from goodword import RunReport, hookimpl


@hookimpl
def goodword_applied(report: RunReport) -> None:
    done = ", ".join(f"{number} {kind}" for kind, number in report.applied.items())
    logging.getLogger("diary").info("run %s: %s", report.run_id, done or "nothing to write")
