"""The host in memory announced like any connector, so that whole runs can be tested on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from goodword.connector import ConnectorSpec
from goodword.testing.memory import ALL, MemoryConnector

if TYPE_CHECKING:
    from goodword.connector import Capability, Connector, Workplace


class MemorySettings(BaseModel):
    """``[plugin.memory]``: where the host is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field("host.json", description="JSON file of the host, in the firm's folder.")
    account: str = Field("memory", description="Stable id of the host account.")
    sandbox: bool = Field(default=False, description="Whether that account is a test account.")


def memory_spec(
    connector: MemoryConnector | None = None,
    *,
    capabilities: frozenset[Capability] = ALL,
    batch: int = 100,
) -> ConnectorSpec[MemorySettings]:
    """Return the spec of a host in memory, to be answered to ``goodword_connector``.

    Args:
        connector: This very host is opened each time; without one, the host of the JSON file
            named in the settings.
        capabilities: What the host of the file can hold.
        batch: Most actions handed to one ``write``.
    """

    def open_host(settings: MemorySettings, workplace: Workplace) -> Connector:
        if connector is not None:
            connector.today = workplace.today
            connector.run_id = workplace.run_id
            return connector
        return MemoryConnector(
            path=workplace.folder / settings.path,
            account=settings.account,
            capabilities=capabilities,
            today=workplace.today,
            run_id=workplace.run_id,
            sandbox=settings.sandbox,
        )

    return ConnectorSpec(
        name="memory",
        settings=MemorySettings,
        capabilities=connector.capabilities if connector is not None else capabilities,
        open=open_host,
        batch=batch,
    )
