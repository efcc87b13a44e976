"""For people who write plugins: a host in memory, a contract, rules on a few rows and on engines.

Install with ``pip install "goodword[testing]"``. To see the values of a failing contract test, put
``pytest.register_assert_rewrite("goodword.testing")`` into ``conftest.py``.
"""

from __future__ import annotations

from goodword.testing.awkward_firm import awkward_firm
from goodword.testing.contract import ConnectorContract
from goodword.testing.contract_fixtures import Answer, Provoke
from goodword.testing.decisions import decide, fact_types_in, facts_in, rulebook
from goodword.testing.memory import Crash, MemoryConnector
from goodword.testing.memory_restore import RestoringMemoryConnector
from goodword.testing.memory_spec import MemorySettings, memory_spec
from goodword.testing.same_on_engines import change_list, engines_here, require_same_changes

__all__ = [
    "Answer",
    "ConnectorContract",
    "Crash",
    "MemoryConnector",
    "MemorySettings",
    "Provoke",
    "RestoringMemoryConnector",
    "awkward_firm",
    "change_list",
    "decide",
    "engines_here",
    "fact_types_in",
    "facts_in",
    "memory_spec",
    "require_same_changes",
    "rulebook",
]
