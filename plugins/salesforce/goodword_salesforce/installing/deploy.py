"""One deployment: sent as a zip, waited for, and its failures by part."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from goodword import AuthError, ConnectorError, RetryableError
from goodword_salesforce.package.bundle import zipped
from goodword_salesforce.seam.failures import as_given

if TYPE_CHECKING:
    from goodword_salesforce.installing.host import Answer, Host

PATH = "metadata/deployRequest"
FIRST_WAIT, LONGEST_WAIT = 1.0, 10.0
"""Seconds between two looks at a deployment: soon at first, then more rarely."""
PATIENCE = 900.0
"""Seconds after which we stop to watch; an org deploys one package after the other."""
ENDED = frozenset({"Succeeded", "SucceededPartial", "Failed", "Canceled"})
LONGEST_PROBLEM = 200
_MAY_NOT = (
    "Deploying needs the permission 'Modify Metadata Through Metadata API Functions'. Set "
    "[plugin.salesforce] install_as to an admin the sf command line knows, or let an admin deploy "
    "the exported package: python -m goodword_salesforce.package FOLDER"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deployment.

    Args:
        problems: Why a part was refused, by its full name.
        reason: Why the whole was refused, where no part is named.
    """

    problems: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def well(self) -> bool:
        """Whether everything was taken."""
        return not (self.problems or self.reason)


def deploy(
    host: Host,
    found: Mapping[str, bytes],
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    *,
    check_only: bool,
) -> Outcome:
    """Deploy files, or see whether they could be, and wait for the end of it.

    Args:
        host: The org.
        found: Files of the package by path, its list among them.
        clock: Current time in seconds.
        sleep: Waits that many seconds.
        check_only: Whether the org is to change nothing.

    Raises:
        AuthError: The user may not deploy.
        RetryableError: It takes longer than we watch.
    """
    options = {
        "allowMissingFiles": False,
        "checkOnly": check_only,
        "ignoreWarnings": False,
        "rollbackOnError": True,
        "singlePackage": True,
        "testLevel": "NoTestRun",
    }
    body = json.dumps({"deployOptions": options})
    try:
        sent = host.post_multipart(
            PATH,
            {
                "entity_content": (None, body, "application/json"),
                "file": ("package.zip", zipped(found), "application/zip"),
            },
        )
    except AuthError as error:
        raise AuthError(error.message, hint=_MAY_NOT) from None
    return _outcome(_watched(host, str(sent.get("id") or ""), clock, sleep))


def _watched(
    host: Host, deploy_id: str, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Answer:
    """Return the result of a deployment, once it has one."""
    if not deploy_id.isalnum():
        msg = "Salesforce took the package, but did not say how to follow its deployment."
        raise ConnectorError(msg, hint="Look in Setup under Deployment Status, then run it again.")
    end, wait = clock() + PATIENCE, FIRST_WAIT
    while True:
        answer = host.get(f"{PATH}/{deploy_id}", {"includeDetails": "true"})
        with as_given(f"GET {PATH}"):
            result: Answer = answer["deployResult"]
            if result["status"] in ENDED:
                return result
        if clock() >= end:
            msg = f"The org is still busy with the deployment after {PATIENCE / 60:.0f} minutes."
            hint = "See Setup, Deployment Status; when it has ended, run the same command again."
            raise RetryableError(msg, hint=hint)
        sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _outcome(result: Answer) -> Outcome:
    if result.get("status") == "Succeeded":
        return Outcome()
    told = result.get("details")
    details: Answer = told if isinstance(told, Mapping) else {}
    problems = {
        str(each.get("fullName") or each.get("fileName") or ""): _line(each.get("problem"))
        for each in _each(details.get("componentFailures"))
    }
    if problems:
        return Outcome(problems)
    said = _line(result.get("errorMessage") or result.get("stateDetail"))
    return Outcome(reason=said or f"Salesforce ended it as {result.get('status')}")


def _each(value: object) -> list[Answer]:
    """Return a list; one thing alone may stand without it."""
    if isinstance(value, Mapping):
        return [value]
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _line(value: object) -> str:
    """Return what Salesforce says of our files, on one line and not too long."""
    words = " ".join(str(value or "").split())
    return words if len(words) <= LONGEST_PROBLEM else f"{words[: LONGEST_PROBLEM - 1]}…"
