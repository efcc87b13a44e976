"""Pipelines and stages: reading, and the edit by an admin that touches every deal."""

from __future__ import annotations

from goodword_hubspot.fake.answers import Answer, not_found
from goodword_hubspot.fake.pipelines import Pipeline, Stage
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.records import alter
from goodword_hubspot.fake.rendering import page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.scopes import reads_pipelines, writes_pipelines


def list_pipelines(portal: Portal, request: Request) -> Answer:
    """List pipelines with their stages."""
    return Answer(200, page([one.as_json() for one in portal.pipelines.all(request.kind.name)]))


def read_pipeline(portal: Portal, request: Request) -> Answer:
    """Read one pipeline."""
    return Answer(200, _pipeline(portal, request).as_json())


def list_stages(portal: Portal, request: Request) -> Answer:
    """List the stages of one pipeline."""
    stages = _pipeline(portal, request).stages
    return Answer(200, page([one.as_json() for one in stages if not one.archived]))


def update_stage(portal: Portal, request: Request) -> Answer:
    """Change a stage; every record in it counts as modified."""
    stage = _stage(portal, request)
    body = request.body
    stage.label = body.text("label") or stage.label
    stage.metadata |= body.values("metadata")
    stage.archived = body.flag("archived")
    kind = request.kind
    for record in list(portal.store.all(kind.name)):
        if stage.id in (
            record.properties.get("dealstage"),
            record.properties.get("hs_pipeline_stage"),
        ):
            alter(portal, kind, record, {})
    return Answer(200, stage.as_json())


def _pipeline(portal: Portal, request: Request) -> Pipeline:
    found = portal.pipelines.get(request.kind.name, request.params["pipeline"])
    if found is None:
        raise not_found(message="Pipeline not found")
    return found


def _stage(portal: Portal, request: Request) -> Stage:
    found = _pipeline(portal, request).stage(request.params["stage"])
    if found is None:
        raise not_found(message="Stage not found")
    return found


BASE = "/crm/v3/pipelines/{kind}"
ROUTES = (
    Route("GET", BASE, "{kind} pipelines", list_pipelines, reads_pipelines),
    Route("GET", f"{BASE}/{{pipeline}}", "{kind} pipeline", read_pipeline, reads_pipelines),
    Route("GET", f"{BASE}/{{pipeline}}/stages", "{kind} stages", list_stages, reads_pipelines),
    Route(
        "PATCH",
        f"{BASE}/{{pipeline}}/stages/{{stage}}",
        "{kind} stage update",
        update_stage,
        writes_pipelines,
        Model("PipelineStagePatchInput", "hubspot.crm.pipelines"),
    ),
)
