"""The page of ``why``: the verdict first, then everything it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import clean, day_of, in_words, short

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
    yield Text(f"{short(clean(told.name))} ({clean(told.contact_id)})", style="bold")
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
    yield from (
        GAP,
        heading("Priority", "whom to ask first; 100 points more count twice"),
        *_scores(told),
    )
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
    """Yield the parts of the priority, and the score with what it rests on."""
    rows = [
        (in_words(name), f"{points:+}", clean(told.factors.get(name, "")))
        for name, points in told.points.items()
    ]
    if told.triggers:
        rows.append(("priority", f"{told.priority}", "the moment's points and the above"))
    yield table(rows, whole=(0, 1))
    yield from (GAP, heading("Score", _amounts(told)))
    found = {name: told.scores.get(name) for name in _SCORES}
    shown = {**found, **{k: v for k, v in told.scores.items() if k not in found}}
    yield table(
        [
            (_SCORES.get(name, in_words(name)), clean(_amount(name, value) + _because(name, found)))
            for name, value in shown.items()
            if value not in (None, "") and (name, value) not in _SILENT
        ],
        whole=(0,),
    )


def _amounts(told: Explanation) -> str:
    """Return in which currency amounts are, and how far ahead they look."""
    if told.scores.get("clv") is None:
        return ""
    ahead = f"of the next {told.horizon_months} months" if told.horizon_months else "to come"
    money = f"amounts in {told.currency}: " if told.currency else ""
    return f"{money}purchases {ahead}, referrals of a year"


def _because(name: str, found: Mapping[str, str | int | None]) -> str:
    """Return why referrals are worth nothing, for the line that says so."""
    if name != "crv" or found.get("crv") != 0:
        return ""
    if found.get("sends") == 0:
        return "  (nobody is known to have sent a customer yet, so none is expected)"
    if found.get("one_referral") == 0:
        return "  (people who were sent have not brought more than they cost yet)"
    return ""


_SILENT = (("account_spent_cents", 0), ("brought", 0), ("one_referral", 0))
_SCORES = {
    "score": "score (0-100)",
    "segment": "segment",
    "clv": "worth as a customer",
    "alive": "still a customer",
    "expected": "purchases to expect",
    "each": "margin of one",
    "n": "days with a purchase",
    "model": "computed by",
    "confidence": "confidence",
    "reasons": "because of",
    "crv": "worth of their referrals",
    "brought": "their referrals so far",
    "sends": "expected referrals a year",
    "one_referral": "worth of one more",
    "doubts": "referrals worth a look",
    "p_refer": "chance to refer",
    "account_spent_cents": "bought by their company, credited to no person",
}
"""What each part of a score is called, in the order they are shown."""


def _amount(name: str, value: str | int | None) -> str:
    """Return a score in its unit: cents as money, permille as percent, thousandths as a number."""
    if not isinstance(value, int):
        return str(value)
    if name in {"clv", "crv", "each", "brought", "one_referral", "account_spent_cents"}:
        return f"{value / 100:,.2f}"
    if name == "p_refer":
        return f"{value / 10:.1f} %"
    if name == "alive":
        return f"{value / 10:.0f} %"
    if name == "sends":
        return f"{value / 1000:.2f}"
    return f"{value / 1000:.1f}" if name == "expected" else str(value)
