"""A workbook opened for patching: its sheets, its links and where dates are counted from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from goodword import SourceError
from goodword_csv.files.atomic import read_regular
from goodword_csv.files.package import Package, Relation, open_package
from goodword_csv.files.xml_part import elements


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; ``state`` is ``visible``, ``hidden`` or ``veryHidden``."""

    name: str
    part: str
    state: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the workbook part says.

    ``sheets`` are the worksheets in the order of their tabs, ``tabs`` the names of all sheets,
    those that are only a chart included; ``relations`` are the workbook's links by id.
    """

    package: Package
    part: str
    relations: dict[str, Relation]
    sheets: tuple[Sheet, ...]
    tabs: tuple[str, ...]
    last_id: int
    epoch_1904: bool

    def related(self, kind: str) -> Relation | None:
        """Return the first link of a kind, such as ``styles``."""
        return next((link for link in self.relations.values() if link.kind == kind), None)


@contextmanager
def told_as_damage(source: Path) -> Iterator[None]:
    """Turn what only a broken part can cause (a bad number, a missing attribute) into words."""
    try:
        yield
    except (ValueError, LookupError) as error:
        msg = f"{source.name} is damaged: a part of it does not say what it must."
        hint = "Open it in your spreadsheet program, save it as a new .xlsx and use that one."
        raise SourceError(msg, hint=hint) from error


def open_workbook(source: Path) -> Workbook:
    """Read a workbook file and find its sheets.

    Raises:
        SourceError: The file is no workbook we can read.
    """
    return workbook_in(open_package(read_regular(source), source.name))


def workbook_in(package: Package) -> Workbook:
    """Find the sheets of a workbook that was opened.

    Raises:
        SourceError: It is no workbook we can read.
    """
    part = next((link.part for link in package.relations("") if link.kind == "officeDocument"), "")
    if not package.has(part):
        msg = f"{package.name} is no Excel workbook."
        raise SourceError(msg, hint="Point goodword at a CSV or XLSX file.")
    relations = {link.id: link for link in package.relations(part)}
    found = elements(package.read(part), f"{package.name}: {part}")
    tabs = [element.attributes for element in found if element.name == "sheet"]
    sheets = tuple(
        Sheet(known.get("name", ""), relations[known["id"]].part, known.get("state", "visible"))
        for known in tabs
        if known.get("id") in relations and relations[known["id"]].kind == "worksheet"
    )
    if not sheets:
        msg = f"{package.name} has no worksheet."
        raise SourceError(msg, hint="Point goodword at a workbook with a list of contacts.")
    properties = next((each.attributes for each in found if each.name == "workbookPr"), {})
    return Workbook(
        package,
        part,
        relations,
        sheets,
        tuple(known.get("name", "") for known in tabs),
        max(int(known.get("sheetId", "0")) for known in tabs),
        properties.get("date1904") in {"1", "true"},
    )
