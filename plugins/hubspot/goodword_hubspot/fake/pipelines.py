"""Pipelines and their stages, of deals and of tickets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from goodword_hubspot.fake.answers import Json
from goodword_hubspot.fake.times import as_stamp


@dataclass(slots=True)
class Stage:
    """One stage; its metadata says whether a deal there is won or a ticket closed."""

    id: str
    label: str
    metadata: dict[str, str]
    display_order: int = 0
    archived: bool = False
    since: int = 0

    def as_json(self) -> Json:
        """Return the stage as the API shows it."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.display_order,
            "metadata": dict(self.metadata),
            "createdAt": as_stamp(self.since),
            "updatedAt": as_stamp(self.since),
            "archived": self.archived,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }

    @property
    def won(self) -> bool:
        """Whether a deal in this stage is won."""
        return self.closed and float(self.metadata.get("probability", "0")) == 1.0

    @property
    def closed(self) -> bool:
        """Whether a deal or ticket in this stage is done with."""
        return self.metadata.get("isClosed") == "true" or self.metadata.get("ticketState") == (
            "CLOSED"
        )


@dataclass(slots=True)
class Pipeline:
    """One pipeline with its stages in order."""

    id: str
    label: str
    stages: list[Stage] = field(default_factory=list)
    display_order: int = 0
    archived: bool = False
    since: int = 0

    def as_json(self) -> Json:
        """Return the pipeline as the API shows it."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.display_order,
            "stages": [stage.as_json() for stage in self.stages if not stage.archived],
            "createdAt": as_stamp(self.since),
            "updatedAt": as_stamp(self.since),
            "archived": self.archived,
        }

    def stage(self, name: str) -> Stage | None:
        """Return the live stage called *name*."""
        return next((one for one in self.stages if one.id == name and not one.archived), None)


class Pipelines:
    """The pipelines of a portal, by object and id."""

    def __init__(self) -> None:
        self._pipelines: dict[tuple[str, str], Pipeline] = {}

    def put(self, kind: str, pipeline: Pipeline) -> None:
        """Add or replace *pipeline* of the object *kind*."""
        self._pipelines[kind, pipeline.id] = pipeline

    def get(self, kind: str, name: str) -> Pipeline | None:
        """Return the live pipeline called *name*."""
        found = self._pipelines.get((kind, name))
        return None if found is None or found.archived else found

    def all(self, kind: str) -> Iterator[Pipeline]:
        """Yield the live pipelines of *kind*."""
        for (of, _), pipeline in self._pipelines.items():
            if of == kind and not pipeline.archived:
                yield pipeline

    def stage(self, kind: str, name: str) -> Stage | None:
        """Return the live stage called *name*, in whichever pipeline of *kind* it is."""
        found = (pipeline.stage(name) for pipeline in self.all(kind))
        return next((stage for stage in found if stage is not None), None)


def standard_pipelines() -> Pipelines:
    """Return what a new portal has: one sales pipeline, one support pipeline."""
    found = Pipelines()
    sales = [
        ("appointmentscheduled", "Appointment scheduled", "0.2"),
        ("qualifiedtobuy", "Qualified to buy", "0.4"),
        ("contractsent", "Contract sent", "0.9"),
        ("closedwon", "Closed won", "1.0"),
        ("closedlost", "Closed lost", "0.0"),
    ]
    stages = [
        Stage(name, label, _metadata(name, chance), order)
        for order, (name, label, chance) in enumerate(sales)
    ]
    found.put("deals", Pipeline("default", "Sales pipeline", stages))
    support = [("1", "New"), ("2", "Waiting on contact"), ("3", "Waiting on us"), ("4", "Closed")]
    stages = [
        Stage(name, label, {"ticketState": "CLOSED" if name == "4" else "OPEN"}, order)
        for order, (name, label) in enumerate(support)
    ]
    found.put("tickets", Pipeline("0", "Support pipeline", stages))
    return found


def _metadata(name: str, chance: str) -> dict[str, str]:
    closed = "true" if name.startswith("closed") else "false"
    return {"isClosed": closed, "probability": chance}
