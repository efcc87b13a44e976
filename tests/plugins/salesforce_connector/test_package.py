"""The package says what names.py says, and Salesforce's own description accepts every file."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import simple_salesforce
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import goodword_salesforce
from goodword import OUTCOMES, STAGES, TABLES, SourceError
from goodword_salesforce import names
from goodword_salesforce.names import FIELDS, INTEGRATION, LIST_VIEW, REP, SHOWN_ON, Field
from goodword_salesforce.package.bundle import deploying, removing, zipped
from goodword_salesforce.package.export import export
from goodword_salesforce.package.parts import NAMESPACE, Part, parts

VERSION = "64.0"
XSD = "http://www.w3.org/2001/XMLSchema"
WSDL = Path(simple_salesforce.__file__).parent / "metadata.wsdl"
ROOTS = ("CustomField", "CustomObject", "ListView", "Package", "PermissionSet")
EVERYWHERE = [(field, owner) for field in FIELDS for owner in field.objects]
WHERE = [f"{owner}.{field.name}" for field, owner in EVERYWHERE]
Check = Callable[[bytes], None]


@pytest.fixture(scope="module")
def valid() -> Check:
    """Return a check of one file against the types of Salesforce's metadata, offline."""
    wsdl = etree.parse(str(WSDL))
    schema = wsdl.find(f".//{{{XSD}}}schema")
    schema.attrib["targetNamespace"] = NAMESPACE
    for name in ROOTS:
        schema.append(etree.Element(f"{{{XSD}}}element", name=name, type=f"tns:{name}"))
    described = etree.XMLSchema(etree.fromstring(etree.tostring(schema)))

    def check(xml: bytes) -> None:
        described.assertValid(etree.fromstring(xml))

    return check


def tree(xml: bytes) -> Any:
    """Return a file as nested words: lists where an element comes more than once."""
    return _words(etree.fromstring(xml))


def _words(element: Any) -> Any:
    if not len(element):
        return element.text
    found: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        value = _words(child)
        found[name] = [*found[name], value] if name in found else [value]
    return {name: value[0] if len(value) == 1 else value for name, value in found.items()}


def part_of(name: str) -> Part:
    (found,) = (part for part in parts() if part.name == name)
    return found


def permissions(name: str) -> dict[str, bool]:
    listed = tree(part_of(name).xml)["fieldPermissions"]
    assert all(each["readable"] == "true" for each in listed)
    assert len({each["field"] for each in listed}) == len(listed)
    return {each["field"]: each["editable"] == "true" for each in listed}


# -- every file


@pytest.mark.promise("salesforce.package")
@pytest.mark.parametrize("part", parts(), ids=lambda part: part.name)
def test_every_file_is_as_salesforce_describes_it(part: Part, valid: Check) -> None:
    valid(part.xml)


def test_a_file_with_a_wrong_word_would_be_found(valid: Check) -> None:
    xml = part_of("Contact.Goodword_Score__c").xml
    for right, wrong in ((b"<scale>", b"<scales>"), (b">Number<", b">Amount<")):
        with pytest.raises(etree.Error):
            valid(xml.replace(right, wrong).replace(right.replace(b"<", b"</"), b"</scales>"))


# -- the tree and names.py


def test_the_package_holds_our_fields_our_permission_sets_our_list_view_and_nothing_else() -> None:
    found = {part.type: [] for part in parts()}
    for part in parts():
        found[part.type].append(part.name)
    assert sorted(found["CustomField"]) == sorted(WHERE)
    assert sorted(found["PermissionSet"]) == sorted(names.PERMISSION_SETS)
    assert found["ListView"] == [f"Contact.{LIST_VIEW}"]


@pytest.mark.parametrize(("field", "owner"), EVERYWHERE, ids=WHERE)
def test_each_field_is_in_the_package_as_the_code_knows_it(field: Field, owner: str) -> None:
    found = tree(part_of(f"{owner}.{field.name}").xml)
    assert found["fullName"] == field.name
    assert found["type"] == field.type
    assert found["label"] == field.label
    assert found["inlineHelpText"] == field.help
    assert int(found.get("length", 0)) == field.length
    assert int(found.get("precision", 0)) == field.digits
    assert found.get("scale", "0") == "0"
    assert found.get("unique", "false") == found["externalId"] == str(field.unique).lower()
    assert found.get("caseSensitive", "false") == str(field.unique).lower()
    assert found.get("referenceTo", "") == field.refers_to
    if field.values:
        assert found["valueSet"]["restricted"] == "true"
        listed = found["valueSet"]["valueSetDefinition"]["value"]
        assert [(v["fullName"], v["label"]) for v in listed] == [
            (v.value, v.label) for v in field.values
        ]


def test_salesforce_takes_the_lengths_of_labels_and_help() -> None:
    for field in FIELDS:
        assert len(field.name.removesuffix("__c")) <= 40
        assert len(field.label) <= 40
        assert len(field.help) <= 255
        assert field.length <= 255  # activities take no longer text
        assert field.digits <= 18


def test_each_name_in_names_is_that_of_a_field_and_the_other_way_round() -> None:
    written = {value for value in vars(names).values() if str(value).endswith("__c")}
    assert written == {field.name for field in FIELDS}


def test_every_field_of_ours_that_any_code_names_is_in_the_package() -> None:
    known = {field.name for field in FIELDS} | {INTEGRATION, REP, LIST_VIEW}
    for path in Path(goodword_salesforce.__file__).parent.rglob("*.py"):
        used = set(re.findall(r"Goodword_\w+__c", path.read_text(encoding="utf-8")))
        assert used <= known, path.name


def test_every_column_of_ours_has_a_field_that_can_hold_it() -> None:
    by_name = {field.name: field for field in FIELDS}
    columns = {name: kind for name, kind in TABLES["own_fields"].types.items() if name in names.OWN}
    assert set(columns) == set(TABLES["own_fields"].types) - {"contact_id"}
    for column, kind in columns.items():
        assert (by_name[names.OWN[column]].type == "Number") == (str(kind) == "int")


def test_the_picklists_hold_the_words_of_goodword() -> None:
    assert tuple(value.value for value in names.STAGES) == STAGES
    assert tuple(value.value for value in names.OUTCOMES) == OUTCOMES


# -- who may do what


@pytest.mark.promise("salesforce.package")
def test_the_integration_user_may_write_every_field_of_ours() -> None:
    found = permissions(INTEGRATION)
    for field, owner in EVERYWHERE:
        for shown in SHOWN_ON[owner]:
            assert found[f"{shown}.{field.name}"]


def test_the_integration_user_may_change_nothing_else() -> None:
    found = tree(part_of(INTEGRATION).xml)
    ours = {field.name for field in FIELDS}
    others = {n: edit for n, edit in permissions(INTEGRATION).items() if n[-3:] != "__c"}
    assert not any(others.values())
    assert all(n.partition(".")[2] in ours for n in permissions(INTEGRATION) if n not in others)
    for each in found["objectPermissions"]:
        assert each["modifyAllRecords"] == each["allowDelete"] == each["allowCreate"] == "false"
        assert each["viewAllRecords"] == "false"
        assert (each["allowEdit"] == "true") == (each["object"] in names.PEOPLE)
    granted = {each["name"] for each in found["userPermissions"]}
    assert granted == {"ActivitiesAccess", "ApiEnabled", "EditTask"}


def test_a_rep_reads_what_we_write_and_edits_what_only_a_rep_knows() -> None:
    found = permissions(REP)
    expected = {
        f"{shown}.{field.name}": field.rep == "edit"
        for field, owner in EVERYWHERE
        for shown in SHOWN_ON[owner]
        if field.rep != "none"
    }
    assert found == expected
    assert "Task.Goodword_Key__c" not in found
    assert not {"objectPermissions", "userPermissions"} & set(tree(part_of(REP).xml))


def test_consent_is_granted_for_reading_so_that_nobody_is_asked_against_it() -> None:
    found = permissions(INTEGRATION)
    for person in names.PEOPLE:
        assert {f"{person}.DoNotCall", f"{person}.HasOptedOutOfEmail"} <= set(found)


def test_the_list_view_shows_fields_of_ours_only_where_they_exist() -> None:
    view = tree(part_of(f"Contact.{LIST_VIEW}").xml)
    used = [*view["columns"], *(each["field"] for each in view["filters"])]
    ours = {field.name for field in FIELDS if "Contact" in field.objects}
    assert {name for name in used if name.endswith("__c")} <= ours


# -- what is made of it


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def members(xml: bytes) -> Iterator[tuple[str, str]]:
    types = tree(xml).get("types", [])
    for each in types if isinstance(types, list) else [types]:
        listed = each["members"]
        yield from ((each["name"], n) for n in (listed if isinstance(listed, list) else [listed]))


def test_the_zip_names_and_holds_every_part(valid: Check) -> None:
    found = unpacked(zipped(deploying(parts(), VERSION)))
    assert sorted(found) == [
        "objects/Activity.object",
        "objects/Contact.object",
        "objects/Lead.object",
        "package.xml",
        f"permissionsets/{INTEGRATION}.permissionset",
        f"permissionsets/{REP}.permissionset",
    ]
    for content in found.values():
        valid(content)
    assert sorted(members(found["package.xml"])) == sorted((p.type, p.name) for p in parts())
    assert tree(found["package.xml"])["version"] == VERSION
    for part in parts():
        if part.object:
            inside = tree(found[f"objects/{part.object}.object"])
            tag = {"CustomField": "fields", "ListView": "listViews"}[part.type]
            listed = inside[tag] if isinstance(inside[tag], list) else [inside[tag]]
            assert tree(part.xml) in listed


def test_a_zip_of_one_field_holds_that_field_only(valid: Check) -> None:
    found = deploying([part_of("Lead.Goodword_Score__c")], VERSION)
    assert set(found) == {"package.xml", "objects/Lead.object"}
    assert list(members(found["package.xml"])) == [("CustomField", "Lead.Goodword_Score__c")]
    valid(found["objects/Lead.object"])


@given(st.sets(st.sampled_from(parts()), min_size=1))
def test_any_choice_of_parts_is_named_and_held_and_nothing_else(chosen: set[Part]) -> None:
    found = unpacked(zipped(deploying(chosen, VERSION)))
    assert set(members(found["package.xml"])) == {(p.type, p.name) for p in chosen}
    inside = Counter(
        etree.QName(child).localname
        for path, content in found.items()
        if path.endswith(".object")
        for child in etree.fromstring(content)
    )
    of_type = Counter(part.type for part in chosen)
    assert inside["fields"] == of_type["CustomField"]
    assert inside["listViews"] == of_type["ListView"]
    assert sum(path.endswith(".permissionset") for path in found) == of_type["PermissionSet"]


def test_the_same_parts_give_the_same_bytes() -> None:
    first, second = (zipped(deploying(parts(), VERSION)) for _ in range(2))
    assert first == second


def test_removing_names_every_part_and_brings_nothing(valid: Check) -> None:
    found = removing(parts(), VERSION)
    assert set(found) == {"package.xml", "destructiveChanges.xml"}
    for content in found.values():
        valid(content)
    assert not list(members(found["package.xml"]))
    listed = set(members(found["destructiveChanges.xml"]))
    assert listed == {(part.type, part.name) for part in parts()}


# -- the folder for an admin


def test_the_exported_folder_is_a_project_with_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "package"
    written = export(folder, VERSION)
    assert sorted(written) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    project = json.loads((folder / "sfdx-project.json").read_text(encoding="utf-8"))
    assert project["sourceApiVersion"] == VERSION
    source = folder / project["packageDirectories"][0]["path"] / "main" / "default"
    for part in parts():
        assert (source / part.path).read_bytes() == part.xml
    for name, content in removing(parts(), VERSION).items():
        assert (folder / "remove" / name).read_bytes() == content


def test_exporting_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "theirs.txt").write_text("ours to keep", encoding="utf-8")
    with pytest.raises(SourceError, match="not empty"):
        export(tmp_path, VERSION)
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.txt"]


def test_exporting_the_same_again_leaves_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    assert export(folder, VERSION) == export(folder, VERSION)
    (folder / "sfdx-project.json").unlink()
    export(folder, VERSION)
    assert (folder / "sfdx-project.json").exists()


def test_what_an_admin_changed_in_the_folder_is_never_written_over(tmp_path: Path) -> None:
    export(tmp_path, VERSION)
    (path,) = tmp_path.rglob("Goodword_Rep*")
    path.write_text("<!-- ours, with one more field -->", encoding="utf-8")
    with pytest.raises(SourceError, match="not empty"):
        export(tmp_path, VERSION)
    assert path.read_text(encoding="utf-8") == "<!-- ours, with one more field -->"


def test_the_source_tree_is_part_of_the_wheel() -> None:
    package = Path(goodword_salesforce.__file__).parent
    on_disk = {p.relative_to(package / "package" / "source") for p in package.rglob("*-meta.xml")}
    assert {Path(part.path) for part in parts()} == on_disk
