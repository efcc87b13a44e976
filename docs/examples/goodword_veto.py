"""Nobody at a company with which we have a dispute gets a task, whatever the rules say."""

from __future__ import annotations

from goodword import Candidate, hookimpl

DISPUTES = {"a17"}


@hookimpl
def goodword_veto(candidate: Candidate) -> str | None:
    return "dispute" if candidate.account_id in DISPUTES else None
