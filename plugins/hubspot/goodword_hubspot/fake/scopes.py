"""Which scopes a call needs: each group of which one is enough."""

from __future__ import annotations

from collections.abc import Sequence

from goodword_hubspot.fake.object_types import CONTACTS, object_type
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.routing import Params

Groups = Sequence[Sequence[str]]


def reads(_: Portal, params: Params) -> Groups:
    """Read records of the path's object."""
    return ((object_type(params["kind"]).read,),)


def writes(_: Portal, params: Params) -> Groups:
    """Write records of the path's object."""
    return ((object_type(params["kind"]).write,),)


def reads_links(_: Portal, params: Params) -> Groups:
    """Read links between the path's two objects."""
    return tuple((object_type(params[name]).read,) for name in ("kind", "target"))


def writes_links(portal: Portal, params: Params) -> Groups:
    """Link records of the path's two objects."""
    source, target = object_type(params["kind"]), object_type(params["target"])
    if portal.account.switches.links_need_both_writes:
        return ((source.write,), (target.write,))
    return ((source.write,), (target.read,))


def reads_schema(_: Portal, params: Params) -> Groups:
    """Read property definitions of the path's object."""
    kind = object_type(params["kind"])
    return ((kind.schema if "." not in kind.schema else f"{kind.schema}.read",),)


def writes_schema(portal: Portal, params: Params) -> Groups:
    """Make or archive properties of the path's object."""
    kind = object_type(params["kind"])
    if kind.on_timeline:
        return ((portal.account.switches.task_schema_scope,),)
    return ((kind.schema if "." not in kind.schema else f"{kind.schema}.write",),)


def writes_labels(_: Portal, __: Params) -> Groups:
    """Define association labels."""
    return ((f"{CONTACTS.schema}.write",),)


def reads_owners(_: Portal, __: Params) -> Groups:
    """List owners."""
    return (("crm.objects.owners.read",),)


def reads_pipelines(_: Portal, params: Params) -> Groups:
    """List pipelines of the path's object."""
    kind = object_type(params["kind"])
    return ((kind.read, kind.schema if "." not in kind.schema else f"{kind.schema}.read"),)


def writes_pipelines(_: Portal, params: Params) -> Groups:
    """Change pipelines of the path's object."""
    return ((object_type(params["kind"]).write,),)
