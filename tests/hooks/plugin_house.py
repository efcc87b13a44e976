"""A firm on a host in memory, and a place where its plugins are installed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import looking
from goodword.explain import Explanation
from goodword.firm import Firm
from goodword.model import CreateTask, Plan
from goodword.plugins import CONNECTORS
from goodword.testing import MemoryConnector

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TODAY = date(2026, 11, 20)
MEMORY = """\
from goodword import hookimpl
from goodword.testing import memory_spec

@hookimpl
def goodword_connector():
    return memory_spec()
"""


def tables() -> dict[str, list[Mapping[str, object]]]:
    """Three customers of two companies, two leads: two are delighted, Tomas has sent Piet."""
    people = {
        "ida": ("Ida Marsh", "a17", "Leith"),
        "noor": ("Noor Valdez", "a18", "Perth"),
        "tomas": ("Tomas Reed", "a18", "Granton"),
        "piet": ("Piet Lang", None, "Granton"),
        "uma": ("Uma Frost", None, "Perth"),
    }
    sold = {"ida": date(2025, 11, 14), "noor": date(2025, 3, 4), "tomas": date(2024, 5, 6)}
    return {
        "contacts": [
            {
                "contact_id": contact,
                "name": name,
                "account_id": account,
                "city": city,
                "owner_id": "ana",
                "status": "customer" if contact in sold else "lead",
                "consent": "yes",
            }
            for contact, (name, account, city) in people.items()
        ],
        "accounts": [{"account_id": "a17", "name": "Marsh"}, {"account_id": "a18", "name": "Reed"}],
        "owners": [{"owner_id": "ana", "name": "Ana Lopez"}],
        "deals": [
            {"deal_id": f"d-{who}", "status": "won", "amount_cents": 90_000, "closed_at": day}
            for who, day in sold.items()
        ],
        "deal_contacts": [
            {"deal_id": f"d-{who}", "contact_id": who, "primary": True} for who in sold
        ],
        "activities": [
            {
                "activity_id": f"a-{who}",
                "contact_id": who,
                "kind": "call",
                "subject": "Open day in spring" if who == "tomas" else "Heard how it goes",
                "at": date(2026, 11, 2),
            }
            for who in sold
        ]
        + [
            {
                "activity_id": "a-uma",
                "contact_id": "uma",
                "kind": "event",
                "subject": "Our open day",
                "at": date(2026, 5, 9),
            }
        ],
        "feedback": [
            {
                "feedback_id": f"f-{who}",
                "contact_id": who,
                "kind": "nps",
                "score": 10,
                "at": date(2026, 11, 12),
            }
            for who in ("ida", "noor")
        ],
        "invoices": [
            {"invoice_id": f"i{n}", "contact_id": "ida", "due_at": day, "paid_at": day}
            for n, day in enumerate((date(2026, 1, 5), date(2026, 2, 5)))
        ],
        "tickets": [],
        "referrals": [
            {
                "referral_id": "r1",
                "referrer_id": "tomas",
                "referred_id": "piet",
                "status": "received",
                "at": date(2026, 11, 18),
            }
        ],
    }


class House:
    """A firm on a host in memory, and a place where its plugins are installed.

    Args:
        folder: The firm's folder.
        site: A folder on the import path.
    """

    def __init__(self, folder: Path, site: Path) -> None:
        self.folder = folder
        self.site = site
        self.enabled: list[str] = []
        self.install("memory", MEMORY)
        MemoryConnector(tables(), path=folder / "host.json")

    def install(self, name: str, source: str) -> None:
        """Install and enable a plugin, as pip and the firm would."""
        (self.site / f"goodword_{name}.py").write_text(source, encoding="utf-8")
        info = self.site / f"goodword_{name}-1.0.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: goodword-{name}\nVersion: 1.0\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        points = f"[goodword]\n{name} = goodword_{name}\n"
        (info / "entry_points.txt").write_text(points, encoding="utf-8")
        self.enabled.append(name)

    def example(self, hook: str, name: str = "example") -> None:
        """Install the plugin that the documentation shows for *hook*."""
        self.install(name, (EXAMPLES / f"{hook}.py").read_text(encoding="utf-8"))

    def firm(self, settings: str = "", connector: str = "memory", choose: str = "") -> Firm:
        """Return the firm, its settings and plugins read afresh."""
        text = f"""\
[connector]
name = "{connector}"
account = "{connector}"
[rollout]
mode = "live"
start_date = 2020-01-01
[plugins]
enabled = {self.enabled}
{choose}
{settings}
"""
        (self.folder / "goodword.toml").write_text(text, encoding="utf-8")
        return Firm(self.folder, today=TODAY)


def tasks(plan: Plan) -> dict[tuple[str, str], CreateTask]:
    """The new tasks of a plan by contact and play."""
    created = [action for action in plan.actions if isinstance(action, CreateTask)]
    return {(task.contact_id, task.play): task for task in created}


def why(firm: Firm, query: str) -> Explanation:
    """The explanation of one customer."""
    explanation = looking.why(firm, query)[1]
    assert explanation is not None
    return explanation


def loaded(firm: Firm) -> list[str]:
    """The plugins that work, without the connectors that come with goodword where installed."""
    return [name for name in firm.plugins.names() if name not in CONNECTORS]


def code_of(error: pytest.ExceptionInfo[Any]) -> str:
    """Message and hint of an error of ours."""
    return str(error.value)
