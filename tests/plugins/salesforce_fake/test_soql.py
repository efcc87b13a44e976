"""SOQL: what it finds, and that what it cannot read is refused rather than answered with all."""

# ruff: noqa: S608  # SOQL of a test is no SQL
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import Fake, by_hand

Call = Callable[..., Any]
Query = Callable[..., Any]
PEOPLE = (
    {"LastName": "O'Neil", "FirstName": "Una", "Email": "Una@b.example"},
    {"LastName": "Back\\slash", "Email": "back@b.example"},
    {"LastName": "Zażółć 🌻", "MailingCity": "Truro"},
    {"LastName": "50%_off", "MailingCity": "penryn"},
)


@pytest.fixture
def people(fake: Fake) -> list[str]:
    return [by_hand.add(fake.org, "Contact", values) for values in PEOPLE]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("LastName = 'O\\'Neil'", [0]),
        ("LastName = 'o\\'neil'", [0]),
        ("LastName = 'Back\\\\slash'", [1]),
        ("LastName = 'Zażółć 🌻'", [2]),
        ("LastName LIKE 'o%'", [0]),
        ("LastName LIKE '50\\%\\_off'", [3]),
        ("LastName LIKE '50\\_%'", []),
        ("LastName LIKE '_ack%'", [1]),
        ("NOT LastName LIKE 'O%'", [1, 2, 3]),
        ("MailingCity = null", [0, 1]),
        ("MailingCity != null", [2, 3]),
        ("MailingCity != 'Truro'", [0, 1, 3]),
        ("MailingCity NOT IN ('Truro')", [0, 1, 3]),
        ("MailingCity IN ('Truro', 'Penryn')", [2, 3]),
        ("MailingCity > 'a'", [2, 3]),
        ("Email = null AND (LastName LIKE 'Z%' OR MailingCity = 'Penryn')", [2, 3]),
        ("(NOT Email = null) AND FirstName = 'una'", [0]),
        ("HasOptedOutOfEmail = false", [0, 1, 2, 3]),
        ("CreatedDate >= 2026-11-18T11:06:40Z", [0, 1, 2, 3]),
        ("CreatedDate > 2026-11-18T12:06:40+01:00", []),
        ("CreatedDate < TOMORROW AND CreatedDate > LAST_N_DAYS:3", [0, 1, 2, 3]),
        ("Owner.IsActive = true", [0, 1, 2, 3]),
        ("Account.Name = null", [0, 1, 2, 3]),
        ("Account.Name = 'x'", []),
    ],
)
def test_conditions_find_what_they_say(
    people: list[str], query: Query, condition: str, found: list[int]
) -> None:
    rows = query(f"SELECT Id FROM Contact WHERE {condition} ORDER BY Id")
    assert [row["Id"] for row in rows] == [people[place] for place in found]


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT Id FROM Contact GARBAGE",
        "SELECT Id FROM Contact WHERE",
        "SELECT Id FROM Contact WHERE Id IN ()",
        "SELECT * FROM Contact",
        "SELECT Id FROM Contact;",
        "SELECT Id FROM Contact ALL ROWS",
        "SELECT Id FROM Contact WHERE LastName = 'open",
        "SELECT Id FROM Contact WHERE LastName = 'a' OR 'b'",
        "SELECT Id FROM Contact WHERE LastName = 'a' AND Email = 'b' OR Phone = 'c'",
        "SELECT Id FROM Contact WHERE LastName = 'a' -- rest",
        "SELECT Id, FROM Contact",
        "SELECT Id FROM Contact ORDER Id",
        "SELECT Id FROM Contact LIMIT many",
        "SELECT Id FROM Contact WHERE CreatedDate > 2026-13-40T00:00:00Z",
        "SELECT Id FROM Contact WHERE LastName = '\\q'",
        "SELECT AccountId, LastName, COUNT(Id) FROM Contact GROUP BY AccountId",
        "SELECT CreatedDate, COUNT(Id) FROM Contact GROUP BY CreatedDate",
        "SELECT SUM(LastName) FROM Contact",
        "SELECT FOO(Id) FROM Contact",
        "SELECT COUNT(), Id FROM Contact",
        "SELECT Id FROM Contact ORDER BY Description",
        "SELECT Id name FROM Contact",
    ],
)
def test_what_does_not_follow_the_grammar_is_malformed(query: Query, soql: str) -> None:
    assert query(soql) == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Nonsense FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Nonsense = 1", "INVALID_FIELD"),
        ("SELECT Account.Nonsense FROM Contact", "INVALID_FIELD"),
        ("SELECT Nonsense.Id FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact ORDER BY Nonsense", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE CreatedDate > 2026-01-01", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE HasOptedOutOfEmail = 'true'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE LastName = 7", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD"),
        ("SELECT Id, Id FROM Contact", "INVALID_FIELD"),
        ("SELECT CurrencyIsoCode FROM Opportunity", "INVALID_FIELD"),
        ("SELECT Id FROM Nonsense", "INVALID_TYPE"),
        ("SELECT Id FROM Contact WHERE OwnerId LIKE '005%'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact WHERE LastName > null", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_what_does_not_exist_or_fit_is_refused(query: Query, soql: str, code: str) -> None:
    assert query(soql) == code


def test_parents_are_shown_inside_and_empty_ones_as_null(fake: Fake, query: Query) -> None:
    account = by_hand.add(fake.org, "Account", {"Name": "Polmear Joinery"})
    by_hand.add(fake.org, "Contact", {"LastName": "Dyer", "AccountId": account})
    by_hand.add(fake.org, "Contact", {"LastName": "Eddy"})
    rows = query("SELECT lastname, Account.Name, Account.Owner.Name FROM Contact ORDER BY LastName")
    assert rows[0]["Account"]["Name"] == "Polmear Joinery"
    assert rows[0]["Account"]["Owner"]["Name"] == "Ad Min"
    assert (rows[1]["LastName"], rows[1]["Account"]) == ("Eddy", None)


def test_a_person_of_either_object_tells_which(fake: Fake, query: Query) -> None:
    lead = by_hand.add(fake.org, "Lead", {"LastName": "Nance", "Company": "Nance"})
    by_hand.add(fake.org, "Task", {"Subject": "Ring", "WhoId": lead})
    assert query("SELECT Who.Type, Who.Name FROM Task")[0]["Who"]["Type"] == "Lead"
    assert query("SELECT Who.Company FROM Task") == "INVALID_FIELD"


def test_order_puts_empty_values_first_unless_told(fake: Fake, query: Query) -> None:
    for name, city in (("A", "Truro"), ("B", None), ("C", "Penryn")):
        by_hand.add(fake.org, "Contact", {"LastName": name, "MailingCity": city})

    def order(words: str) -> str:
        rows = query(f"SELECT LastName FROM Contact ORDER BY MailingCity {words}")
        return "".join(row["LastName"] for row in rows)

    assert [order(""), order("DESC NULLS LAST"), order("NULLS LAST")] == ["BCA", "ACB", "CAB"]


def test_deals_are_summed_up_per_person_and_day(fake: Fake, query: Query) -> None:
    contact = by_hand.add(fake.org, "Contact", {"LastName": "Moyle"})
    for amount, day in ((100.1, "2026-01-01"), (200.2, "2026-01-01"), (None, "2026-03-01")):
        deal = {"Name": "Battery", "CloseDate": day, "StageName": "Closed Won", "Amount": amount}
        number = by_hand.add(fake.org, "Opportunity", deal)
        role = {"OpportunityId": number, "ContactId": contact}
        by_hand.add(fake.org, "OpportunityContactRole", role)
    rows = query(
        "SELECT ContactId, COUNT_DISTINCT(Opportunity.CloseDate) days, "
        "MIN(Opportunity.CloseDate) since, MAX(Opportunity.CloseDate), "
        "SUM(Opportunity.Amount) total, COUNT(Opportunity.Amount) known "
        "FROM OpportunityContactRole WHERE Opportunity.IsWon = true "
        "GROUP BY ContactId ORDER BY ContactId LIMIT 2000"
    )
    assert rows == [
        {
            "attributes": {"type": "AggregateResult"},
            "ContactId": contact,
            "days": 2,
            "since": "2026-01-01",
            "expr0": "2026-03-01",
            "total": 300.3,
            "known": 2,
        }
    ]
    assert query("SELECT SUM(Amount) FROM Opportunity WHERE Name = 'x'")[0]["expr0"] is None


def test_a_query_inside_in_finds_its_ids(fake: Fake, people: list[str], query: Query) -> None:
    by_hand.add(fake.org, "Case", {"Subject": "No power", "ContactId": people[1]})
    rows = query("SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case)")
    assert [row["Id"] for row in rows] == [people[1]]
    none = query("SELECT Id FROM Contact WHERE Id NOT IN (SELECT ContactId FROM Case) LIMIT 9")
    assert len(none) == 3
    assert query("SELECT Id FROM Contact WHERE Id IN (SELECT Subject FROM Case)") == (
        "MALFORMED_QUERY"
    )


def test_counting_needs_no_records(people: list[str], call: Call) -> None:
    answer = call("GET", "/query", params={"q": "SELECT COUNT() FROM Contact"}).json()
    assert answer == {"totalSize": 4, "done": True, "records": []}
