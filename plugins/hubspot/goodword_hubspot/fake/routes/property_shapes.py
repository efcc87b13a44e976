"""Property definitions and groups: from request bodies, and as the API shows them."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Json
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.properties import Group, Option, Property
from goodword_hubspot.fake.times import as_stamp


def new_property(body: Body, now: int) -> Property:
    """Return the definition *body* asks for."""
    return Property(
        body.text("name"),
        body.text("label"),
        body.text("type"),
        body.text("fieldType"),
        body.text("groupName"),
        body.text("description"),
        options_of(body),
        unique=body.flag("hasUniqueValue"),
        own=True,
        external=body.flag("externalOptions"),
        refers_to=body.text("referencedObjectType"),
        hidden=body.flag("hidden"),
        form_field=body.flag("formField"),
        display_order=body.number("displayOrder", -1),
        created=now,
        updated=now,
    )


def options_of(body: Body) -> list[Option]:
    """Return the options in *body*."""
    return [
        Option(one.text("value"), one.text("label"), one.flag("hidden"), one.text("description"))
        for one in body.parts("options")
    ]


def shown_property(one: Property) -> Json:
    """Return a definition as the API shows it."""
    found: Json = {
        "name": one.name,
        "label": one.label,
        "type": one.type,
        "fieldType": one.field_type,
        "groupName": one.group,
        "description": one.description,
        "options": [
            {
                "value": option.value,
                "label": option.label,
                "displayOrder": order,
                "hidden": option.hidden,
                "description": option.description,
            }
            for order, option in enumerate(one.options)
        ],
        "displayOrder": one.display_order,
        "calculated": False,
        "externalOptions": one.external,
        "hasUniqueValue": one.unique,
        "hidden": one.hidden,
        "hubspotDefined": not one.own,
        "formField": one.form_field,
        "archived": bool(one.archived_at),
        "createdAt": as_stamp(one.created),
        "updatedAt": as_stamp(one.updated),
        "modificationMetadata": {
            "archivable": one.own,
            "readOnlyDefinition": not one.own,
            "readOnlyOptions": not one.own,
            "readOnlyValue": one.read_only,
        },
    }
    if one.refers_to:
        found["referencedObjectType"] = one.refers_to
    if one.archived_at:
        found["archivedAt"] = as_stamp(one.archived_at)
    return found


def shown_group(one: Group) -> Json:
    """Return a group as the API shows it."""
    return {
        "name": one.name,
        "label": one.label,
        "displayOrder": one.display_order,
        "archived": one.archived,
    }
