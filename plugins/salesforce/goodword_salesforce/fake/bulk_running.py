"""What a bulk job does: write each row for itself, or answer a query as a table."""

from __future__ import annotations

import csv

from goodword_salesforce.fake import bulk_text
from goodword_salesforce.fake.access import Actor, field_named
from goodword_salesforce.fake.answers import Json, RefusedError, refuse
from goodword_salesforce.fake.bulk_jobs import Job
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.records import alter, delete, expect, make
from goodword_salesforce.fake.soql.run import run
from goodword_salesforce.fake.upserts import external_id, upsert


def ingest(org: Org, job: Job) -> None:
    """Write the rows of *job*; a table that cannot be read fails the whole job."""
    actor = Actor(job.user_id, auto_assign=False, bulk=True)
    try:
        kind = org.kind(job.object)
        header, *rows = bulk_text.rows(job.data, job.line_ending)
        fields = _columns(org, actor, kind, job, header)
    except RefusedError as problem:
        job.state, job.message = "Failed", f"InvalidBatch : {problem.message}"
        return
    except (csv.Error, ValueError):
        job.state, job.message = "Failed", "InvalidBatch : Failed to parse CSV"
        return
    job.header = header
    for row in rows:
        try:
            number, created = _write(org, actor, kind, job, fields, row)
        except RefusedError as problem:
            number = row[header.index("Id")] if "Id" in header else ""
            blame = ",".join(problem.fields)
            job.failed.append([number, f"{problem.code}:{problem.message}:{blame} --", *row])
        else:
            job.done.append([number, str(created).lower(), *row])


def _columns(org: Org, actor: Actor, kind: ObjectType, job: Job, header: list[str]) -> list[Field]:
    """Return the field of each column.

    Raises:
        RefusedError: One is unknown, or stands there twice.
    """
    if len(set(header)) < len(header):
        refuse("InvalidBatch", "Duplicate column in header")
    found = []
    for name in header:
        try:
            found.append(field_named(org, actor, kind, name))
        except RefusedError:
            refuse("InvalidBatch", f"Field name not found : {name}")
    if job.operation in {"update", "delete"} and "Id" not in header:
        refuse("InvalidBatch", "Field name not found : Id")
    return found


def _write(
    org: Org, actor: Actor, kind: ObjectType, job: Job, fields: list[Field], row: list[str]
) -> tuple[str, bool]:
    """Write one row and return its id, and whether it is new."""
    if len(row) != len(fields):
        refuse("INVALID_FIELD", "row has another number of columns than the header")
    values: Json = {
        field.name: bulk_text.value(field, cell)
        for field, cell in zip(fields, row, strict=True)
        if cell
    }
    match job.operation:
        case "insert":
            return make(org, actor, kind, values), True
        case "upsert" if job.key != "Id":
            return upsert(org, actor, kind, external_id(org, actor, kind, job.key), values)
    number = str(values.get("Id") or "")
    if job.operation == "upsert" and not number:
        return make(org, actor, kind, values), True
    found = str(expect(org, kind, number)["Id"])
    if job.operation == "delete":
        delete(org, actor, kind, number)
    else:
        alter(org, actor, kind, number, values)
    return found, False


def ask(org: Org, job: Job) -> None:
    """Answer the query of *job*.

    Raises:
        RefusedError: It cannot be read, or is none a bulk job can answer.
    """
    actor = Actor(job.user_id, bulk=True)
    org.queries.append(job.soql)
    found = run(org, actor, job.soql, everything=job.operation == "queryAll", table=True)
    job.header = [".".join(column.parts) for column in found.columns]
    job.rows = [[bulk_text.cell(column.get(row)) for column in found.columns] for row in found.rows]
