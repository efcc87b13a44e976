"""A setting of one's own: [plugin.NAME] holds busy = true while the workshop is full."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from goodword import Facts, Suppressor, hookimpl


class WorkshopSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt key is refused, with the nearest name

    busy: bool = Field(default=False, description="No asks while nobody could serve a new client.")


@hookimpl
def goodword_settings() -> type[BaseModel]:
    return WorkshopSettings


@hookimpl
def goodword_ask_rules(c: Facts, settings: WorkshopSettings) -> list[Suppressor]:
    if not settings.busy:
        return []
    return [Suppressor("workshop_full", when=c.name.is_known(), because="the workshop is full")]
