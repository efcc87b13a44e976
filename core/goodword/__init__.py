"""goodword turns the CRM a firm already has into a referral engine.

This is all a plugin author needs; each name is loaded when it is first used, so that importing
goodword costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.clv.histories import Histories as Histories
    from goodword.clv.worth import Terms as Terms
    from goodword.clv.worth import worth as worth
    from goodword.columns import Columns as Columns
    from goodword.connector import Capability as Capability
    from goodword.connector import Check as Check
    from goodword.connector import Connector as Connector
    from goodword.connector import ConnectorSpec as ConnectorSpec
    from goodword.connector import Cursor as Cursor
    from goodword.connector import Demo as Demo
    from goodword.connector import ForgettingConnector as ForgettingConnector
    from goodword.connector import Found as Found
    from goodword.connector import InstallPackage as InstallPackage
    from goodword.connector import InstallStep as InstallStep
    from goodword.connector import RestoringConnector as RestoringConnector
    from goodword.connector import Sink as Sink
    from goodword.connector import Workplace as Workplace
    from goodword.connector import WriteResult as WriteResult
    from goodword.credentials import Credential as Credential
    from goodword.credentials import read_secret as read_secret
    from goodword.crv import acceptance as acceptance
    from goodword.crv import expected_value as expected_value
    from goodword.crv import rate_per_period as rate_per_period
    from goodword.crv import referral_rate as referral_rate
    from goodword.crv import share_of_type_one as share_of_type_one
    from goodword.crv import type_one as type_one
    from goodword.crv import type_two as type_two
    from goodword.crv import value_of_one as value_of_one
    from goodword.doings import doing as doing
    from goodword.errors import AuthError as AuthError
    from goodword.errors import ConnectorError as ConnectorError
    from goodword.errors import GoodwordError as GoodwordError
    from goodword.errors import PluginError as PluginError
    from goodword.errors import RecordError as RecordError
    from goodword.errors import RetryableError as RetryableError
    from goodword.errors import RuleError as RuleError
    from goodword.errors import SettingsError as SettingsError
    from goodword.errors import SourceError as SourceError
    from goodword.errors import UsageError as UsageError
    from goodword.expressions import Expr as Expr
    from goodword.expressions import Facts as Facts
    from goodword.funnel import came_of as came_of
    from goodword.graph import Forest as Forest
    from goodword.graph import Link as Link
    from goodword.graph import Person as Person
    from goodword.graph import Windows as Windows
    from goodword.graph import forest as forest
    from goodword.hookspecs import StageModel as StageModel
    from goodword.hookspecs import TaskText as TaskText
    from goodword.hookspecs import Touchpoint as Touchpoint
    from goodword.hookspecs import hookimpl as hookimpl
    from goodword.host_files import Answer as Answer
    from goodword.host_files import Guess as Guess
    from goodword.host_files import GuessedColumn as GuessedColumn
    from goodword.host_files import HostFiles as HostFiles
    from goodword.host_files import Question as Question
    from goodword.host_files import Replacement as Replacement
    from goodword.hosts.lookups import Lookups as Lookups
    from goodword.hosts.loopback import Heard as Heard
    from goodword.hosts.loopback import LoopbackHost as LoopbackHost
    from goodword.hosts.loopback import Said as Said
    from goodword.hosts.timely import TIMELY_POOLS as TIMELY_POOLS
    from goodword.hosts.trail import Trail as Trail
    from goodword.model import OUTCOMES as OUTCOMES
    from goodword.model import STAGES as STAGES
    from goodword.model import Action as Action
    from goodword.model import Candidate as Candidate
    from goodword.model import CloseTask as CloseTask
    from goodword.model import CreateTask as CreateTask
    from goodword.model import LinkReferral as LinkReferral
    from goodword.model import LogActivity as LogActivity
    from goodword.model import RemoveTask as RemoveTask
    from goodword.model import RunReport as RunReport
    from goodword.model import SetFields as SetFields
    from goodword.model import UpdateTask as UpdateTask
    from goodword.model import task_key as task_key
    from goodword.policy import Policy as Policy
    from goodword.private_files import private_file as private_file
    from goodword.rules import Fact as Fact
    from goodword.rules import Play as Play
    from goodword.rules import StageRule as StageRule
    from goodword.rules import Suppressor as Suppressor
    from goodword.rules import Trigger as Trigger
    from goodword.rules import Weight as Weight
    from goodword.summaries import last as last
    from goodword.summaries import newest as newest
    from goodword.summaries import total as total
    from goodword.table_set import derived as derived
    from goodword.tables import TABLES as TABLES
    from goodword.words import render as render

__version__ = "0.1.0"

_ROOMS: dict[str, str] = {
    "Columns": "columns",
    **dict.fromkeys(
        [
            "Capability",
            "Check",
            "Connector",
            "ConnectorSpec",
            "Cursor",
            "Demo",
            "ForgettingConnector",
            "Found",
            "InstallPackage",
            "InstallStep",
            "RestoringConnector",
            "Sink",
            "Workplace",
            "WriteResult",
        ],
        "connector",
    ),
    **dict.fromkeys(
        ["Answer", "Guess", "GuessedColumn", "HostFiles", "Question", "Replacement"],
        "host_files",
    ),
    "Lookups": "hosts.lookups",
    **dict.fromkeys(["Heard", "LoopbackHost", "Said"], "hosts.loopback"),
    "TIMELY_POOLS": "hosts.timely",
    "Trail": "hosts.trail",
    **dict.fromkeys(["Credential", "read_secret"], "credentials"),
    "Histories": "clv.histories",
    **dict.fromkeys(["Terms", "worth"], "clv.worth"),
    **dict.fromkeys(
        [
            "acceptance",
            "expected_value",
            "rate_per_period",
            "referral_rate",
            "share_of_type_one",
            "type_one",
            "type_two",
            "value_of_one",
        ],
        "crv",
    ),
    **dict.fromkeys(
        [
            "AuthError",
            "ConnectorError",
            "GoodwordError",
            "PluginError",
            "RecordError",
            "RetryableError",
            "RuleError",
            "SettingsError",
            "SourceError",
            "UsageError",
        ],
        "errors",
    ),
    **dict.fromkeys(["Expr", "Facts"], "expressions"),
    "came_of": "funnel",
    "doing": "doings",
    **dict.fromkeys(["Forest", "Link", "Person", "Windows", "forest"], "graph"),
    **dict.fromkeys(["StageModel", "TaskText", "Touchpoint", "hookimpl"], "hookspecs"),
    **dict.fromkeys(
        [
            "OUTCOMES",
            "STAGES",
            "Action",
            "Candidate",
            "CloseTask",
            "CreateTask",
            "LinkReferral",
            "LogActivity",
            "RemoveTask",
            "RunReport",
            "SetFields",
            "UpdateTask",
            "task_key",
        ],
        "model",
    ),
    "Policy": "policy",
    "private_file": "private_files",
    **dict.fromkeys(["Fact", "Play", "StageRule", "Suppressor", "Trigger", "Weight"], "rules"),
    **dict.fromkeys(["last", "newest", "total"], "summaries"),
    "derived": "table_set",
    "TABLES": "tables",
    "render": "words",
}

__all__ = sorted([*_ROOMS, "__version__"])


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return getattr(import_module(f"goodword.{_ROOMS[name]}"), name)
    msg = f"module 'goodword' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
