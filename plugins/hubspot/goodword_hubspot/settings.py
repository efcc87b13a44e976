"""The section ``[plugin.hubspot]``: how to reach the portal, and what its properties mean."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from goodword import Credential

TOKEN_VARIABLE = "GOODWORD_HUBSPOT_TOKEN"  # noqa: S105 - the name of a variable, not a secret
HOST = "https://api.hubapi.com"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts of this computer; a key travels to no other one in the open."""
ApiVersion = Literal["v3", "2026-03", "2026-09"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mapped(_Section):
    """``[plugin.hubspot.properties]``: contact properties of the firm's own, by internal name."""

    do_not_contact: str = Field("", description="Yes/no property: not to be contacted.")
    referred_by: tuple[str, ...] = Field(
        (), description="Properties with e-mail or record id of who referred the contact."
    )
    kind: str = Field("", description="Property that says customer, partner, employee or other.")
    language: str = Field("hs_language", description="Property with the person's language.")
    extra: dict[str, str] = Field(
        default_factory=dict,
        description="Columns of the firm's own: name of the [extra] column = property.",
    )


class HubSpotSettings(_Section):
    """``[plugin.hubspot]``: one HubSpot portal."""

    credential: Credential = Field(
        default_factory=lambda: Credential(env=TOKEN_VARIABLE, file="", command=()),
        description="Where the service key (or the token of an existing private app) is kept; "
        "without it, the environment variable GOODWORD_HUBSPOT_TOKEN.",
    )
    host: str = Field(HOST, description="Address of HubSpot's API.")
    api_version: ApiVersion = Field(
        "v3",
        description="Family of API paths: v3 until HubSpot ends it, or a dated one (2026-03, "
        "2026-09). On 2026-09 HubSpot also enforces the rules your admins set for writing.",
    )
    timeout_seconds: float = Field(
        30.0, gt=0, le=300, description="Longest wait for one answer of HubSpot."
    )
    burst_per_10s: int | None = Field(
        None,
        ge=1,
        description="Most calls in 10 seconds; empty: what HubSpot says the portal may.",
    )
    ca_file: str = Field(
        "", description="File with the certificates of a company proxy, in PEM format."
    )
    home_currency: str | None = Field(
        None, pattern="^[A-Z]{3}$", description="Home currency; empty: the portal's own."
    )
    properties: Mapped = Field(
        default_factory=lambda: Mapped.model_validate({}),
        description="What contact properties of your own mean.",
    )
    require_legal_basis: bool = Field(
        default=False, description="Treat a contact without a legal basis as opted out."
    )
    engagement_days: int = Field(
        45, ge=0, le=365, description="How many days back calls, meetings, e-mails and notes count."
    )
    queue_id: str = Field(
        "", description="Task queue for our tasks: its number, from the queue's address in HubSpot."
    )
    touches: Literal["rollups", "engagements"] = Field(
        "rollups",
        description="rollups: HubSpot's own counts on the contact. engagements: only what the "
        "last engagement_days show.",
    )

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        host = value.rstrip("/")
        parts = urlsplit(host)
        here = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not (here or (parts.scheme == "https" and parts.hostname)) or "@" in parts.netloc:
            msg = "host begins with https://, and names no user"
            raise ValueError(msg)
        return host
