"""The section ``[plugin.csv]``: which sheets there are, and what their columns mean."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from goodword_csv.headers.columns import SHEET_KINDS, SheetName

TASKS = "Referral tasks"
"""Sheet of the task list; beside a CSV file it is a file of its own instead."""

IN_OUR_TABLE = "in goodword.toml, right below the line [plugin.csv] (the one in [firm] is not read)"
"""Where a message tells people to write the currency or the region."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Section):
    """``[[plugin.csv.sources]]``: one sheet of a workbook, or one CSV file."""

    file: str = Field(description="File, relative to the folder of goodword.toml.")
    sheet: str = Field("", description="Sheet of a workbook; empty for a CSV file.")
    kind: SheetName = Field(
        description="What its rows are: contacts, deals, feedback, referrals, tickets, "
        "activities, invoices or targets."
    )
    columns: dict[str, str | tuple[str, ...]] = Field(
        description="What a column means: field = header, or several headers, the first filled "
        "one counts. Take a line out and the column is not read."
    )
    write: bool = Field(
        default=False,
        description="The customer list that gets our columns and tasks; exactly one source.",
    )
    day_first: bool | None = Field(
        None, description="Is 03/04 the third of April? Only for columns that leave it open."
    )
    decimal: Literal[".", ","] | None = Field(
        None, description="Decimal sign, only for columns that leave it open."
    )
    one_is_best: bool = Field(
        default=False,
        description="Under csat stand grades as at school, of which 1 is the best.",
    )
    encoding: str | None = Field(None, description="Encoding of a CSV file, where it was misread.")
    delimiter: str | None = Field(
        None, min_length=1, max_length=1, description="What separates columns, where misread."
    )
    header_row: int | None = Field(
        None,
        ge=1,
        description="Which record of a CSV file is its header, where misread; 1 is first.",
    )

    @model_validator(mode="after")
    def _known_fields(self) -> Source:
        known = [field.name for field in SHEET_KINDS[self.kind].fields]
        for name in self.columns:
            if name not in known:
                msg = f"{self.kind} have no {name!r}; known: {', '.join(dict.fromkeys(known))}"
                raise ValueError(msg)
        return self

    @property
    def title(self) -> str:
        """What messages call it: the sheet, or the file."""
        return self.sheet or Path(self.file).name

    def headers(self, field: str) -> tuple[str, ...]:
        """The headers that fill a field; empty when none does."""
        found = self.columns.get(field, ())
        return (found,) if isinstance(found, str) else found


class CsvSettings(_Section):
    """``[plugin.csv]``: the spreadsheets of a firm."""

    sources: tuple[Source, ...] = Field(description="The sheets that are read.")
    currency: str | None = Field(
        None,
        pattern="^[A-Z]{3}$",
        description="Home currency; amounts that name another are left out and counted.",
    )
    region: str | None = Field(
        None,
        pattern="^[A-Z]{2}$",
        description="Country of phone numbers without a country code.",
    )
    tasks: str = Field(
        TASKS, min_length=1, max_length=31, description="Name of the task sheet in a workbook."
    )

    @model_validator(mode="after")
    def _one_list(self) -> CsvSettings:
        written = [source for source in self.sources if source.write]
        if len(written) != 1 or written[0].kind != "contacts":
            msg = "exactly one source of kind contacts needs write = true"
            raise ValueError(msg)
        return self

    @property
    def customers(self) -> Source:
        """The customer list we write to."""
        return next(source for source in self.sources if source.write)
