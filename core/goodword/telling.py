"""The report of a run, and who hears of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from goodword.errors import GoodwordError
from goodword.model import Failure, RunReport

if TYPE_CHECKING:
    from goodword.apply import Sent
    from goodword.charge import Work
    from goodword.firm import Firm


def report_of(
    work: Work,
    kind: str,
    plan_id: str,
    sent: Sent,
    dropped: Sequence[str],
    *,
    restored: Sequence[str] = (),
    stopped: Sequence[str] = (),
) -> RunReport:
    """Return the report of one run."""
    applied: Counter[str] = Counter(action.kind for action, result in sent.outcome if result.ok)
    if restored:
        applied["restored"] = len(restored)
    failures = [
        Failure(key=a.key, kind=a.kind, contact_id=a.contact_id, error=r.error)
        for a, r in sent.outcome
        if not r.ok and not r.skipped
    ]
    return RunReport(
        run_id=work.run_id,
        plan_id=plan_id,
        kind=kind,
        applied=dict(applied),
        skipped=sum(result.skipped for _, result in sent.outcome),
        dropped=tuple(dropped),
        failures=tuple(failures),
        notices=tuple(work.notices),
        changed=tuple(f"{a.kind} {a.key}" for a, r in sent.outcome if r.ok),
        stopped=(*stopped, *([sent.stopped] if sent.stopped else [])),
    )


def heard(firm: Firm, kind: str, act: Callable[[], RunReport]) -> RunReport:
    """Run *act* and tell the plugins how it went, also where it failed, when the lock is free."""
    try:
        report = act()
    except GoodwordError as error:
        with suppress(GoodwordError):  # the failure itself is what the user must see
            _tell(firm, _failed(kind, error))
        raise
    return report.model_copy(update={"notices": (*report.notices, *_tell(firm, report))})


def _failed(kind: str, error: GoodwordError) -> RunReport:
    """Return the report of a run that ended in *error*."""
    return RunReport(
        run_id="",
        plan_id="",
        kind=kind,
        applied={},
        skipped=0,
        dropped=(),
        failures=(),
        notices=(),
        error=str(error),
    )


def _tell(firm: Firm, report: RunReport) -> list[str]:
    """Call ``goodword_applied``; an error becomes a notice, the others still hear."""
    notices: list[str] = []
    for impl in firm.plugins.working("goodword_applied"):
        try:
            firm.plugins.ask(impl, "goodword_applied", {"report": report})
        except GoodwordError as error:
            notices.append(str(error))
    return notices
