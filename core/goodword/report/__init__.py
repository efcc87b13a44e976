"""What a person reads: pages for the terminal, built from plans, runs and explanations.

Each function returns something Rich can print; nothing here prints or reads a file.
"""

from __future__ import annotations

from goodword.report.champions_page import champions_page
from goodword.report.history_page import history_page
from goodword.report.listings import (
    checks_page,
    facts_page,
    guess_page,
    hooks_page,
    install_page,
    matches_page,
    plugins_page,
    pull_page,
    rules_page,
    task_page,
    words_page,
)
from goodword.report.phrases import clean, counted, day_of, in_words, reasons_of
from goodword.report.plan_page import plan_page
from goodword.report.rollout_page import rollout_page
from goodword.report.run_page import quiet_line, run_page
from goodword.report.status_page import status_page
from goodword.report.why_page import why_page

__all__ = [
    "champions_page",
    "checks_page",
    "clean",
    "counted",
    "day_of",
    "facts_page",
    "guess_page",
    "history_page",
    "hooks_page",
    "in_words",
    "install_page",
    "matches_page",
    "plan_page",
    "plugins_page",
    "pull_page",
    "quiet_line",
    "reasons_of",
    "rollout_page",
    "rules_page",
    "run_page",
    "status_page",
    "task_page",
    "why_page",
    "words_page",
]
