"""What goodword needs in a portal: looked at, made, or taken out again, and never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from goodword import InstallStep
from goodword_hubspot.names import (
    CONTACT_PROPERTIES,
    GROUP,
    KEY,
    KINDS_WITH_PROPERTIES,
    MARK,
    REFERRED,
    REFERRED_BY_LABEL,
    Property,
    key_property,
    mark_property,
)
from goodword_hubspot.places import key_in_the_way
from goodword_hubspot.reading.asks import MARK_WORD
from goodword_hubspot.reading.paging import all_matching
from goodword_hubspot.seam.associations import (
    label_in_the_way,
    make_label,
    our_label,
    remove_label,
)
from goodword_hubspot.seam.failures import RefusedError, ScopeError
from goodword_hubspot.seam.objects import Filter, Input, read, update
from goodword_hubspot.seam.schema import (
    archive_group,
    archive_property,
    has_group,
    make_group,
    make_property,
    trouble_with,
)
from goodword_hubspot.writing.batches import sent

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

NOBODY = "goodword-probe"
"""A key no record has, to see whether the portal reads by it."""
LABEL = f"label '{REFERRED}' / '{REFERRED_BY_LABEL}' between contacts"
IN_TEXT = "level C: it stands in the text, since the key may make no property there"
NOT_MADE_BY_US = "nothing here says that goodword made it; if it did, remove it by hand in HubSpot"
MARKED = ("tasks", "notes")


def install(desk: Desk, what: Literal["plan", "apply", "remove"]) -> tuple[InstallStep, ...]:
    """Look at, make or remove everything of ours in the portal."""
    desk.look_again()
    if what == "plan":
        return tuple(plan_of(desk))
    steps = list(_made(desk) if what == "apply" else _removed(desk))
    desk.look_again()
    desk.memory.save()
    return tuple(steps)


def plan_of(desk: Desk) -> list[InstallStep]:
    """Return every part with what is to be done about it; changes nothing."""
    steps = [_property_step(desk, each) for each in CONTACT_PROPERTIES]
    for kind in MARKED:
        steps.append(_key_step(desk, kind))
        if kind not in desk.memory.no_properties:
            steps.append(_property_step(desk, mark_property(kind)))
    return [*steps, _label_step(desk)]


def _label_step(desk: Desk) -> InstallStep:
    if desk.label is not None:
        return InstallStep(LABEL, "there", "")
    trouble = label_in_the_way(desk.portal)
    return InstallStep(LABEL, "conflict" if trouble else "to make", trouble)


def _property_step(desk: Desk, wanted: Property) -> InstallStep:
    what = f"property {wanted.name} of {wanted.kind}"
    found = desk.defined(wanted.kind).get(wanted.name)
    if found is None:
        return InstallStep(what, "to make", f"{wanted.label}, {wanted.field_type}")
    trouble = trouble_with(wanted, found)
    return InstallStep(what, "conflict" if trouble else "there", trouble)


def _key_step(desk: Desk, kind: str) -> InstallStep:
    place = desk.place(kind)
    what = f"key of {kind}"
    if place.level == "A":
        return InstallStep(what, "there", f"level A, by {place.key}")
    if place.level == "B":
        return InstallStep(what, "there", f"level B, by {place.key}, which is not unique")
    trouble = key_in_the_way(kind, desk.defined(kind))
    if trouble:
        return InstallStep(what, "conflict", trouble)
    if kind in desk.memory.no_properties:
        return InstallStep(what, "there", IN_TEXT)
    return InstallStep(what, "to make", f"property {KEY}, unique where the portal allows it")


def _made(desk: Desk) -> Iterator[InstallStep]:
    """Make what is missing, one after the other; what is refused is told, the rest goes on."""
    desk.memory.no_properties.clear()
    yield from _made_group(desk, "contacts")
    for wanted in CONTACT_PROPERTIES:
        yield _made_property(desk, wanted)
    for kind in MARKED:
        yield from _made_key(desk, kind)
    step = _label_step(desk)
    yield step if step.state != "to make" else _tried(LABEL, partial(_make_label, desk))


def _make_label(desk: Desk) -> None:
    """Make our label, and remember that it was us: only then is it ours to remove."""
    made = make_label(desk.portal)
    desk.memory.label = (made.given, made.received) if made else None


def _made_group(desk: Desk, kind: str) -> Iterator[InstallStep]:
    if not has_group(desk.portal, kind):
        yield _tried(f"group {GROUP} of {kind}", lambda: make_group(desk.portal, kind))


def _made_property(desk: Desk, wanted: Property) -> InstallStep:
    step = _property_step(desk, wanted)
    if step.state != "to make":
        return step
    return _tried(step.what, lambda: make_property(desk.portal, wanted))


def _tried(what: str, make: Callable[[], object]) -> InstallStep:
    try:
        make()
    except (RefusedError, ScopeError) as error:
        return InstallStep(what, "conflict", error.message)
    return InstallStep(what, "made", "")


def _made_key(desk: Desk, kind: str) -> Iterator[InstallStep]:
    """Make key and mark on tasks or notes, at the highest level the portal allows; remember it."""
    desk.memory.no_upserts.discard(kind)
    groups = list(_made_group(desk, kind))
    step = _key_step(desk, kind)
    if step.state == "to make":
        _make_unique(desk, kind)
        desk.look_again()
        if desk.place(kind).level == "C":
            desk.memory.no_properties.add(kind)
            yield InstallStep(step.what, "there", IN_TEXT)
            return
    if desk.place(kind).level == "A" and not _reads_by_key(desk, kind):
        desk.memory.no_upserts.add(kind)
    now = _key_step(desk, kind)
    yield from groups
    yield replace(now, state="made") if step.state == "to make" else now
    yield _made_property(desk, mark_property(kind))
    desk.look_again()
    _carry_over(desk, kind)


def _carry_over(desk: Desk, kind: str) -> None:
    """Give records whose key stands in their text the properties, once the portal has them."""
    place = desk.place(kind)
    if not place.mark:
        return
    in_text = [Filter(place.body, "CONTAINS_TOKEN", MARK_WORD)]
    for records in all_matching(desk.portal, kind, place.reads, in_text):
        inputs = [
            Input(place.held(mark), id=record.id, trace=record.id)
            for record in records
            if not record.get(place.mark) and (mark := place.mark_in_text(record)) is not None
        ]
        sent(inputs, partial(update, desk.portal, kind))


def _make_unique(desk: Desk, kind: str) -> None:
    """Make the key property, unique if possible, else plain, else not at all."""
    for unique in (True, False):
        try:
            make_property(desk.portal, key_property(kind, unique=unique))
        except RefusedError:
            continue
        except ScopeError:
            return
        return


def _reads_by_key(desk: Desk, kind: str) -> bool:
    """Say whether the portal finds records by the key, by asking for one that nobody has."""
    name = desk.place(kind).key
    try:
        list(read(desk.portal, kind, [NOBODY], ["hs_object_id"], id_property=name))
    except RefusedError:
        return False
    return True


def _removed(desk: Desk) -> Iterator[InstallStep]:
    """Archive our properties and label, and nothing else; HubSpot keeps values for a while."""
    ours = {wanted.name for wanted in CONTACT_PROPERTIES} | {KEY, MARK}
    for kind in KINDS_WITH_PROPERTIES:
        for name, found in sorted(desk.defined(kind).items()):
            if name in ours and found.group == GROUP:
                take = partial(archive_property, desk.portal, kind, name)
                yield _taken(f"property {name} of {kind}", take)
        if has_group(desk.portal, kind):
            yield _taken(f"group {GROUP} of {kind}", partial(archive_group, desk.portal, kind))
    label = our_label(desk.portal)
    if label is not None and desk.memory.label != (label.given, label.received):
        yield InstallStep(LABEL, "conflict", NOT_MADE_BY_US)
    elif label is not None:
        yield _taken(LABEL, partial(remove_label, desk.portal, label))


def _taken(what: str, remove: Callable[[], object]) -> InstallStep:
    step = _tried(what, remove)
    return InstallStep(what, "removed", "") if step.state == "made" else step
