"""The page of ``why``: the verdict first, then everything it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import clean, day_of, in_words

if TYPE_CHECKING:
    from goodword.explain import Explanation, RuleLine

STATES = {
    "open": "✓ open",
    "coming": "… coming",
    "closed": "  over",
    "absent": "  not seen",
    "holds": "✗ holds back",
    "exempt": "✓ exempt",
    "passes": "✓ passes",
    "cannot check": "? cannot check",
}
"""How the state of a rule is shown."""
_FIRST = ("open", "coming", "holds", "cannot check", "exempt", "passes", "closed", "absent")
"""Order of the lines: what speaks now comes first."""


def why_page(told: Explanation) -> Group:
    """Return the page of one explanation."""
    return page(_parts(told))


def _parts(told: Explanation) -> Iterator[RenderableType]:
    yield Text(f"{clean(told.name)} ({clean(told.contact_id)})", style="bold")
    yield Text(clean(told.why), style="bold")
    if told.verdict == "ask":
        since = f" (since {day_of(told.next_ask)[4:]})" if told.next_ask is not None else ""
        yield lines([f"next possible ask: now{since}"])
    elif told.next_ask is not None:
        yield lines([f"next possible ask: {day_of(told.next_ask)}"])
    else:
        yield lines(["next possible ask: no date yet"])
    yield lines([f"place: {told.budget}"])
    yield from (GAP, heading("Moments", "what opens a window for an ask"))
    yield _rules(told.triggers)
    yield from (GAP, heading("Reasons not to ask"))
    yield _rules(told.suppressors)
    yield from (GAP, heading("Stage"))
    lent = ", on trust borrowed from the person who sent them" if told.borrowed else ""
    shown = f" (shown by: {in_words(told.stage_rule)}{lent})" if told.stage_rule else ""
    yield lines([f"{told.stage}{shown}"])
    yield from (GAP, heading("Score"), *_scores(told))
    yield from (GAP, heading("Our tasks"), lines(told.tasks or ["none so far"]))


def _rules(rules: Iterable[RuleLine]) -> RenderableType:
    """Return one line a rule: state, name, evidence, dates, and where the rule comes from."""
    ranked = sorted(rules, key=lambda rule: _FIRST.index(rule.state))
    rows = [
        (STATES[rule.state], in_words(rule.name), _evidence(rule), rule.source) for rule in ranked
    ]
    return table(rows, headers=("", "rule", "evidence", "from"), quiet=(3,), whole=(0, 1))


def _evidence(rule: RuleLine) -> str:
    """Return the sentence of a rule with the dates that matter for it."""
    dates = []
    if rule.state == "coming" and rule.since is not None:
        dates.append(f"opens {rule.since}")
    if rule.until is not None and rule.state in {"open", "closed", "holds", "exempt"}:
        dates.append(f"until {rule.until}")
    return ", ".join(text for text in (rule.sentence, *dates) if text)


def _scores(told: Explanation) -> Iterator[RenderableType]:
    """Yield the parts of priority and score."""
    rows = [(in_words(name), f"{points:+}") for name, points in told.points.items()]
    if told.triggers:
        rows.append(("priority", f"{told.priority}"))
    rows += [
        (_SCORES.get(name, in_words(name)), _amount(name, value))
        for name, value in told.scores.items()
        if value not in (None, "") and (name, value) != ("account_spent_cents", 0)
    ]
    yield table(rows, whole=(0,))


_SCORES = {
    "score": "score (0-100)",
    "clv": "worth as a customer",
    "crv": "worth of their referrals",
    "account_spent_cents": "bought by their company, credited to no person",
    "p_refer": "chance to refer",
    "n": "observations",
    "model": "computed by",
}


def _amount(name: str, value: str | int | None) -> str:
    """Return a score in its unit: cents as money, permille as percent."""
    if name in {"clv", "crv", "account_spent_cents"} and isinstance(value, int):
        return f"{value / 100:,.2f}"
    if name == "p_refer" and isinstance(value, int):
        return f"{value / 10:.1f} %"
    return str(value)
