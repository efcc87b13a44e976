"""How describe shows objects and fields."""

from __future__ import annotations

from goodword_salesforce.fake.access import Actor, editable, visible
from goodword_salesforce.fake.answers import Json
from goodword_salesforce.fake.fields import NUMBERS, Field
from goodword_salesforce.fake.object_types import ACCOUNT, ObjectType
from goodword_salesforce.fake.org import Org

SOAP = {
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "reference": "tns:ID",
    "id": "tns:ID",
}


NAMES = {"Case": "CaseNumber", "Task": "Subject", "Event": "Subject"}
"""Where a record is not called by its Name."""
NEVER = ("calculated", "cascadeDelete", "dependentPicklist", "deprecatedAndHidden", "encrypted")
"""What is true of no field of this org."""
_OFFERED = {"active": True, "validFor": None}
UNSET = ("calculatedFormula", "controllerName", "defaultValueFormula")
"""What no field of this org has."""


def brief(kind: ObjectType) -> Json:
    """Return what the list of all objects says of *kind*."""
    return {
        "name": kind.name,
        "label": kind.name,
        "labelPlural": f"{kind.name}s",
        "keyPrefix": kind.prefix,
        "custom": False,
        "createable": kind.createable,
        "updateable": kind.updateable,
        "deletable": kind.deletable,
        "mergeable": kind.mergeable,
        "queryable": True,
        "retrieveable": True,
        "replicateable": True,
        "searchable": kind.searchable,
        "layoutable": kind.createable,
        "triggerable": kind.createable,
        "undeletable": kind.restorable,
        "urls": {
            "sobject": f"/services/data/v67.0/sobjects/{kind.name}",
            "describe": f"/services/data/v67.0/sobjects/{kind.name}/describe",
        },
    }


def described(org: Org, actor: Actor, kind: ObjectType) -> Json:
    """Return the describe of *kind*: what is hidden from *actor* is not in it."""
    fields = visible(org, actor, kind).values()
    return {
        **brief(kind),
        "fields": [_field(org, actor, kind, field) for field in fields],
        "childRelationships": [],
        "recordTypeInfos": [],
    }


def _field(org: Org, actor: Actor, kind: ObjectType, field: Field) -> Json:
    open_ = editable(org, actor, kind, field) and not field.mirrors
    stamp = field.name == "SystemModstamp" and not org.account.switches.stamp_filterable
    number = field.type in NUMBERS
    return {
        "name": field.name,
        "label": field.label or field.name,
        "type": field.type,
        "soapType": SOAP.get(field.type, "xsd:string"),
        "length": field.length,
        "byteLength": field.length * (1 if field.type in {"id", "reference"} else 3),
        "precision": (field.precision or 18) if number and field.type != "int" else 0,
        "digits": 8 if field.type == "int" else 0,
        "scale": field.scale,
        "custom": field.custom,
        "nillable": _may_be_empty(org, kind, field),
        "createable": open_ and field.createable and kind.createable,
        "updateable": open_ and field.updateable and kind.updateable,
        "filterable": field.filterable and not field.long and not stamp,
        "sortable": not field.long,
        "groupable": field.groupable,
        "aggregatable": not field.long and field.type != "boolean",
        "unique": field.unique,
        "externalId": field.external_id,
        "idLookup": field.id_lookup or field.external_id,
        "caseSensitive": field.case_sensitive,
        **dict.fromkeys(NEVER, False),
        **dict.fromkeys(UNSET),
        "autoNumber": field.auto,
        "nameField": field.name == NAMES.get(kind.name, "Name"),
        "namePointing": len(field.refers) > 1,
        "defaultedOnCreate": field.default is not None or field.filled,
        "defaultValue": field.default if field.type in {"boolean", "picklist"} else None,
        "picklistValues": _values(org, kind, field),
        "restrictedPicklist": field.restricted,
        "referenceTo": [kind.name if one == "Self" else one for one in field.refers],
        "relationshipName": field.relationship or None,
        "inlineHelpText": None,
    }


def _may_be_empty(org: Org, kind: ObjectType, field: Field) -> bool:
    """Return whether a field may be empty; a person account has its name from its contact."""
    if field.name != "Name":
        return field.nillable
    return kind is ACCOUNT and org.account.person_accounts


def _values(org: Org, kind: ObjectType, field: Field) -> list[Json]:
    names = list(field.picklist)
    default = field.default
    listed = {"Status": "TaskStatus", "Priority": "TaskPriority"}.get(field.name)
    if kind.name == "Task" and listed:
        rows = list(org.store.rows(listed))
        names = [str(row["ApiName"]) for row in rows]
        default = next((row["ApiName"] for row in rows if row["IsDefault"]), None)
    if field.name == "CurrencyIsoCode":
        names = list(org.account.rates)
    return [
        {**_OFFERED, "defaultValue": name == default, "label": name, "value": name}
        for name in names
    ]
