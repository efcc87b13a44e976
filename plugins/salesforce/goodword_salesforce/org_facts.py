"""What an org says of itself: its fields, its users, its lists for tasks; all in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodword_salesforce.names import FIELDS, SHOWN_ON, Field
from goodword_salesforce.seam.composite import Answer, Ask, send_all
from goodword_salesforce.seam.failures import as_given, unusual
from goodword_salesforce.seam.ids import each_of, text_in
from goodword_salesforce.seam.query import Wanted, asked, rows_in
from goodword_salesforce.seam.soql import none_of, select
from goodword_salesforce.seam.values import Row, is_true
from goodword_salesforce.shapes import NOT_WRITABLE, conflict, read_only

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

OBJECTS = (
    *("Contact", "Lead", "Account", "Individual", "Opportunity", "OpportunityContactRole"),
    *("Case", "Campaign", "CampaignMember", "Task", "Event"),
)
"""Objects that are read, as far as the integration user may."""
HIDDEN = frozenset({403, 404})
"""Statuses of an object the user has no right to see."""
_NO_PEOPLE = ("AutomatedProcess", "CsnOnly", "CspLitePortal", "CustomerSuccess", "Guest")
"""Types of user that own no contacts and get no tasks."""
_UTC = "UTC"


@dataclass(frozen=True, slots=True)
class Seen:
    """A field as the integration user sees it.

    Args:
        type: What the description calls it.
        filterable: Whether a query may compare it.
        createable: Whether the user may fill it in new records.
        updateable: Whether the user may change it.
        trouble: Why it is not what goodword needs, though it has one of our names.
    """

    type: str
    filterable: bool = True
    createable: bool = False
    updateable: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A user of the org; *zone* is where they are."""

    id: str
    name: str
    username: str
    email: str
    active: bool
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class Organization:
    """The org itself.

    Args:
        id: Its id, of 18 characters.
        sandbox: Whether Salesforce calls it a sandbox.
        zone: Its time zone.
        currency: Its own currency, empty where it does not name one.
        multi_currency: Whether records have currencies of their own.
    """

    id: str
    sandbox: bool
    zone: ZoneInfo
    currency: str
    multi_currency: bool


_QUERIES: Mapping[str, Wanted] = {
    "organization": Wanted(select("Organization", "Id", "IsSandbox", "TimeZoneSidKey").limit(1)),
    "currency": Wanted(select("Organization", "DefaultCurrencyIsoCode").limit(1)),
    "statuses": Wanted(
        select("TaskStatus", "ApiName", "IsClosed", "IsDefault").order_by("SortOrder")
    ),
    "priorities": Wanted(select("TaskPriority", "ApiName", "IsDefault").order_by("SortOrder")),
    "users": Wanted(
        select("User", "Id", "Name", "Username", "Email", "IsActive", "TimeZoneSidKey").where(
            none_of("UserType", _NO_PEOPLE)
        )
    ),
}
_LISTS = frozenset({"statuses", "priorities"})
"""Lists of values, which have no ids here."""
_MAY_FAIL = frozenset({"currency"})
"""Only an org with several currencies names its own."""


def look_up(org: Org) -> dict[str, object]:
    """Return all that is to be known of an org, as plain data, by name.

    Raises:
        ConnectorError: The org, its users or its lists for tasks may not be read.
    """
    asks = [Ask("GET", f"sobjects/{each}/describe") for each in OBJECTS]
    asks += [asked(org, wanted) for wanted in _QUERIES.values()]
    answers = send_all(org, asks)
    found: dict[str, object] = {
        f"described:{each}": _described(each, answer)
        for each, answer in zip(OBJECTS, answers[: len(OBJECTS)], strict=True)
    }
    for name, answer in zip(_QUERIES, answers[len(OBJECTS) :], strict=True):
        refused = name in _MAY_FAIL and not answer.ok
        rows = [] if refused else list(rows_in(org, answer))
        _check(name, rows)
        found[name] = rows
    return found


def seen_in(data: Mapping[str, Any]) -> dict[str, Seen]:
    """Return the fields of an object from plain data (Any: as ``look_up`` made it)."""
    return {name: Seen(**each) for name, each in data.items()}


def organization_in(rows: Sequence[Row], currencies: Sequence[Row], *, many: bool) -> Organization:
    """Return the org itself.

    Raises:
        ConnectorError: It says nothing of itself.
    """
    if not rows:
        raise unusual(what="the organization")
    row = rows[0]
    currency = currencies[0].get("DefaultCurrencyIsoCode", "") if currencies else ""
    return Organization(
        row["Id"],
        is_true(row, "IsSandbox"),
        _zone(row) or ZoneInfo(_UTC),
        currency,
        many,
    )


def owner_in(row: Row) -> Owner:
    """Return a user from their row."""
    return Owner(
        row["Id"],
        row.get("Name", ""),
        row.get("Username", ""),
        row.get("Email", "").lower(),
        is_true(row, "IsActive"),
        _zone(row),
    )


def chosen(rows: Sequence[Row], *, closed: bool = False) -> str:
    """Return the value of one of the org's lists that fits: its default, else its first."""
    fitting = [row for row in rows if is_true(row, "IsClosed") == closed]
    default = [row for row in fitting if is_true(row, "IsDefault")]
    return next((row["ApiName"] for row in (*default, *fitting) if "ApiName" in row), "")


def _described(of: str, answer: Answer) -> dict[str, object]:
    """Return the fields the user sees of an object; none where it is hidden."""
    if not answer.ok and answer.status in HIDDEN:
        return {}
    ours = {field.name: field for field in FIELDS if any(of in SHOWN_ON[o] for o in field.objects)}
    data = answer.given()
    with as_given(f"GET sobjects/{of}/describe"):
        creatable, changeable = (data.get(right, True) for right in ("createable", "updateable"))
        seen: dict[str, object] = {}
        for each in each_of(data["fields"]):
            name = text_in(each["name"])
            text_in(each["type"])
            field = _seen(each, ours.get(name))
            rights = {
                "createable": field.createable and bool(creatable),
                "updateable": field.updateable and bool(changeable),
            }
            seen[name] = asdict(field) | rights
    return seen


def _check(name: str, rows: Sequence[Row]) -> None:
    """See that a look-up says what it must say, before it is kept for the day.

    Raises:
        ConnectorError: It does not.
    """
    if name in _MAY_FAIL:
        return
    what = f"the query for {name}"
    with as_given(what):
        if not rows and name != "users":  # the doctor says what helps where nobody is seen
            raise unusual(what)
        for row in rows:
            text_in(row["ApiName" if name in _LISTS else "Id"])


def _seen(found: Mapping[str, Any], ours: Field | None) -> Seen:
    trouble = conflict(ours, found) if ours else ""
    if ours and not trouble and read_only(found):
        trouble = NOT_WRITABLE
    return Seen(
        str(found.get("type")),
        bool(found.get("filterable", True)),
        bool(found.get("createable")),
        bool(found.get("updateable")),
        trouble,
    )


def _zone(row: Row) -> ZoneInfo | None:
    try:
        return ZoneInfo(row["TimeZoneSidKey"])
    except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
        return None
