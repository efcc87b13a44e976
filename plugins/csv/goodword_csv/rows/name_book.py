"""The customer list by the words of its names: who is meant by one written a little differently."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from goodword_csv.rows.contact_rows import CustomerList
from goodword_csv.rows.identity import folded
from goodword_csv.rows.linking import full_names
from goodword_csv.values.plain import word_set

CUTOFF, LEAD = 90.0, 6.0
"""How alike two names must be, of 100, and how far ahead of the next one, to be taken for one.

Measured on 40,500 invented names as written by hand, in nine languages, on lists of 150, 1,500 and
15,000 people: seven of ten meant somebody on the list (with one slip, two slips, or the words
turned round), three of ten were strangers, a tenth of them with a name a letter or two from a
customer's. With these limits and the rules of ``_is_slip``, 4 of 1,000 links were wrong; without
the rules, 35. On 150 people, 73 of 100 names with one slip were linked and the others asked about;
on 15,000 people 43, because more people are alike there. A stranger with a name so near was taken
for the customer in 6 of 100 cases, any other stranger in 1 of 1,000: so links are told with their
lines, and a corrected cell of the list undoes one.
"""

SUGGESTED = 3
"""People suggested for one question."""

_ALIKE = 70.0  # a suggestion costs a glance, so it may be far off
_SHORTEST = 4  # Ida and Ina, Tom and Tim are two people
_PREFIX = 3
_VOWELS = frozenset("aeiouy")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['\u2019\u02bc`]")
_TITLES = word_set("mr mrs ms miss mx dr prof herr frau hr fr mme mlle sr sra srta dhr mevr")


@dataclass(frozen=True)
class NameBook:
    """The people of the customer list by the words of their names.

    Args:
        names: Id of each person to their name.
        hints: Id to what tells namesakes apart, the best first: e-mail, phone, town.
        companies: Pairs of a company's name and somebody there.
    """

    names: dict[str, str]
    hints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    companies: tuple[tuple[str, str], ...] = ()

    def meant(self, text: str) -> str | None:
        """Return the one person a name stands for without doubt, or None.

        The words may stand in another order, with a title, and one of them with a slip.
        """
        words = words_of(text)
        if len(words) < 2:  # a first or a last name alone is nobody's
            return None
        form = " ".join(sorted(words))
        found = self._forms.get(form)
        if found is not None:
            return found[0] if len(found) == 1 else None
        near = {other for word in words for other in self._bearers.get(word, ())}
        ranked = process.extract(
            form, near, scorer=fuzz.ratio, score_cutoff=CUTOFF - LEAD, limit=SUGGESTED
        )
        if not ranked or ranked[0][1] < CUTOFF:
            return None
        best, score, _ = ranked[0]
        if len(ranked) > 1 and score - ranked[1][1] < LEAD:
            return None
        people = self._forms[best]
        return people[0] if len(people) == 1 and self._is_slip(words, best.split()) else None

    def nearest(self, text: str, *, besides: str | None = None) -> tuple[str, ...]:
        """Return the ids of people it may mean, the likeliest first; *besides* is not among them.

        Namesakes are all likely; so is everybody whose company it names.
        """
        words = words_of(text)
        near = {form for word in words for form in self._starts.get(word[:_PREFIX], ())}
        form = " ".join(words)
        ranked = process.extract(
            form, sorted(near), scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=2 * SUGGESTED
        )
        people = (
            person
            for other, _, _ in ranked
            for person in (*self._forms.get(other, ()), *self._firms.get(other, ()))
        )
        return tuple(dict.fromkeys(p for p in people if p != besides))[:SUGGESTED]

    def label(self, person: str) -> str:
        """Name a person so that nobody else is called the same."""
        name = self.names[person]
        others = [one for one in self._namesakes[folded(name)] if one != person]
        if not others:
            return name
        taken = {hint for one in others for hint in self.hints.get(one, ())}
        own = (hint for hint in self.hints.get(person, ()) if hint not in taken)
        return f"{name} ({next(own, person)})"

    def labelled(self, text: str) -> str | None:
        """Return who has this label, however it is spaced."""
        key = folded(text)
        names = (key, folded(text.rpartition(" (")[0]))
        people = (person for name in names for person in self._namesakes.get(name, ()))
        return next((one for one in people if folded(self.label(one)) == key), None)

    def only(self, text: str) -> str | None:
        """Return the one person with a word among their names, such as a first name, or None.

        Good enough for whoever has the list before them, not for what was written in a hurry.
        """
        words = words_of(text)
        if not words:
            return None
        forms = set(self._bearers.get(words[0], ()))
        for word in words[1:]:
            forms &= set(self._bearers.get(word, ()))
        people = {person for form in forms for person in self._forms[form]}
        return next(iter(people)) if len(people) == 1 else None

    def _is_slip(self, written: Sequence[str], meant: Sequence[str]) -> bool:
        """Say whether one word differs by a slip, and not because it is another name.

        A word that others on the list bear is a name of its own. So is, often enough, one with
        another last letter or another vowel: Maria and Mario, Petersen and Peterson.
        """
        have, want = Counter(written), Counter(meant)
        extra, missing = [*(have - want).elements()], [*(want - have).elements()]
        if len(extra) != 1 or len(missing) != 1:
            return False
        one, other = extra[0], missing[0]
        unlike = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
        vowels = len(one) == len(other) and len(unlike) == 1 and _VOWELS.issuperset(unlike[0])
        return (
            one not in self._bearers
            and min(len(one), len(other)) >= _SHORTEST
            and one[-1] == other[-1]
            and not vowels
            and OSA.distance(one, other, score_cutoff=1) <= 1
        )

    @cached_property
    def _forms(self) -> dict[str, tuple[str, ...]]:
        """The words of each name in the order of the alphabet, to who is called so."""
        found: dict[str, list[str]] = defaultdict(list)
        for person, name in self.names.items():
            words = words_of(name)
            if words:
                found[" ".join(sorted(words))].append(person)
        return {form: tuple(people) for form, people in found.items()}

    @cached_property
    def _firms(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for company, person in self.companies:
            found[" ".join(words_of(company))].append(person)
        return {form: tuple(people) for form, people in found.items() if form}

    @cached_property
    def _bearers(self) -> dict[str, list[str]]:
        return _by(self._forms, lambda word: word)

    @cached_property
    def _starts(self) -> dict[str, list[str]]:
        return _by((*self._forms, *self._firms), lambda word: word[:_PREFIX])

    @cached_property
    def _namesakes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for person, name in self.names.items():
            found[folded(name)].append(person)
        return found


def _by(forms: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        for part in {key(word) for word in form.split()}:
            found[part].append(form)
    return dict(found)


def name_book(customers: CustomerList) -> NameBook:
    """Open the customer list by the words of its names; nothing is indexed before it is needed."""
    rows = customers.rows
    names: dict[str, str] = {}
    hints: dict[str, tuple[str, ...]] = {}
    companies: list[tuple[str, str]] = []
    columns = (rows.emails(), rows.texts("phone"), rows.texts("city"), rows.texts("company"))
    for person, name, mails, phone, town, company in zip(
        customers.ids, full_names(rows), *columns, strict=True
    ):
        if person is None or person in names:
            continue
        names[person] = name or company or person
        hints[person] = tuple(hint for hint in (*mails[:1], phone, town) if hint)
        if company:
            companies.append((company, person))
    return NameBook(names, hints, tuple(companies))


def words_of(text: str) -> list[str]:
    """The words of a name as names are compared: no accents, case, signs or titles."""
    plain = _APOSTROPHES.sub("", text).lower()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain.replace("ß", "ss"))
        plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()
    return [word for word in _WORD.findall(plain) if word not in _TITLES]
