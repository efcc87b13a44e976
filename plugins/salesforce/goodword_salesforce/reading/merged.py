"""Refusals of people who were merged with somebody, or converted: they hold for who is left.

Salesforce keeps the fields of the one that is left, and a refusal of the other one is gone. So it
is remembered, until who is left refused as well and took it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from goodword_salesforce.memory import HELD, OF, OVER, SEEN, VIA_LEAD

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

Kind = Literal["consent", "mark"]


@dataclass(slots=True)
class Merged:
    """Those of one pull who became somebody else.

    Args:
        desk: The org.
        became: Person to whom they became.
        refused: Person who was merged, to their refusals.
        late: Those who are left, and for whom a refusal holds that they were read without.
    """

    desk: Desk
    became: dict[str, str] = field(default_factory=dict)
    refused: dict[str, set[Kind]] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    _new: int = 0
    _by_person: dict[str, list[str]] | None = None

    def notice(self, person: str, now: str, refused: Iterable[Kind]) -> None:
        """Take note of somebody who became *now*, and of what they refused."""
        self.became[person] = now
        self.refused[person] = set(refused)

    def holds(self, kind: Kind, person: str, *, own: bool | None) -> bool:
        """Say whether a refusal holds that came by a merge.

        Args:
            kind: Which refusal.
            person: Who is left.
            own: Whether their own page refuses; None where it cannot be seen.
        """
        refusals, holds = self.desk.memory.refusals, False
        for which in self._theirs.get(person, ()):
            if not which.startswith(f"{kind}{OF}"):
                continue
            now, stands = refusals[which]
            if stands == HELD and own is True:
                stands = SEEN
            elif stands == SEEN and own is False:
                stands = OVER
            refusals[which] = (now, stands)
            holds = holds or stands != OVER
        return holds

    def settle(self) -> None:
        """Remember the refusals of those who were merged, for who is left now."""
        memory = self.desk.memory
        marked = memory.do_not_ask or ()
        for which, (now, stands) in list(memory.refusals.items()):
            if now in self.became:
                self._keep(which, self._now(now), stands)
        for person, refused in self.refused.items():
            also: set[Kind] = {"mark"} if f"{VIA_LEAD}{person}" in marked else set()
            for kind in sorted(refused | also):
                which = f"{kind}{OF}{person}"
                if which not in memory.refusals:
                    self._keep(which, self._now(person), HELD)
                    self._new += 1
        self.became.clear()
        self.refused.clear()
        self._by_person = None

    def tell(self, sink: Sink) -> None:
        """Say how many refusals came by a merge, once."""
        if self._new:
            text = f"People who refused were merged with somebody, or converted ({self._new:,}); "
            text += "it holds for who is left. To lift it, tick the same there, let goodword run, "
            sink.notice("merged", f"{text}and untick it.")
        self._new = 0

    def _keep(self, which: str, now: str, stands: str) -> None:
        self.desk.memory.refusals[which] = (now, stands)
        if stands != OVER:
            self.late.add(now)

    def _now(self, person: str) -> str:
        """Return who somebody is after all that was heard of; merges never lead in a circle."""
        seen = {person}
        while (now := self.became.get(person, person)) not in seen:
            seen.add(now)
            person = now
        return person

    @property
    def _theirs(self) -> dict[str, list[str]]:
        if self._by_person is None:
            found: dict[str, list[str]] = defaultdict(list)
            for which, (now, _) in self.desk.memory.refusals.items():
                found[now].append(which)
            self._by_person = dict(found)
        return self._by_person
