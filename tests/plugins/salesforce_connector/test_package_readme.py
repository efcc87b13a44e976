"""What the README says about fields and permissions is what the package holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from lxml import etree

import goodword_salesforce
from goodword_salesforce.names import FIELDS, INTEGRATION
from goodword_salesforce.package.export import COMMANDS, REMOVAL
from goodword_salesforce.package.parts import parts
from goodword_salesforce.settings import NEWEST, OLDEST, Auth

README = Path(goodword_salesforce.__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_permissions_is_that_of_the_permission_set() -> None:
    (part,) = (each for each in parts() if each.name == INTEGRATION)
    root = etree.fromstring(part.xml)
    fields = [str(each.text) for each in root.iterfind("{*}fieldPermissions/{*}field")]
    expected = []
    for each in root.iterfind("{*}objectPermissions"):
        name = each.findtext("{*}object")
        may = "read, edit" if each.findtext("{*}allowEdit") == "true" else "read"
        own = sorted(f.partition(".")[2] for f in fields if f.startswith(f"{name}."))
        expected.append((name, may, [f for f in own if not f.endswith("__c")]))
    rows = re.findall(r"^\| (\w+) \| (read.*?) \| (.*)\|$", TEXT, re.MULTILINE)
    assert [(name, may, re.findall(r"`(\w+)`", own)) for name, may, own in rows] == expected


def test_every_field_is_in_the_table_of_what_is_written() -> None:
    table = TEXT.split("## What is written")[1].split("##")[0]
    for field in FIELDS:
        (row,) = (line for line in table.splitlines() if f"*{field.label}*" in line and "|" in line)
        objects = "Task, Event" if "Activity" in field.objects else "Contact, Lead"
        assert row.startswith(f"| {objects} |")
        assert ("rep" in row.rpartition("|")[0].rpartition("|")[2]) == (field.rep != "read")


def test_reps_are_told_to_show_what_they_fill_in() -> None:
    by_hand = TEXT.split("**7. Show it.**")[1].split("##")[0]
    for field in FIELDS:
        assert f"*{field.label}*" in by_hand or field.rep != "edit"


def test_the_commands_and_the_ways_to_sign_in_are_those_of_the_code() -> None:
    assert COMMANDS[0] in TEXT
    assert REMOVAL in TEXT
    table = TEXT.split("## Other ways to sign in")[1]
    ways = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert ways == ["auth", *get_args(Auth)]
    assert f"{OLDEST} to {NEWEST}" in table
