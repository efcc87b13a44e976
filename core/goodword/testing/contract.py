"""The contract suite of connectors: inherit it, give it a host, and every promise is tested.

```python
class TestMyCrm(ConnectorContract):
    @pytest.fixture
    def spec(self): ...        # the ConnectorSpec the plugin announces
    @pytest.fixture
    def connector(self, run_id): ...   # open for that run, on a fresh host: two people, a rep
    @pytest.fixture
    def reopen(self): ...      # opens the same host again
    @pytest.fixture
    def answer(self): ...      # answer(task_key, outcome): the rep's hand on the host
```

A standard test may only be replaced with a written reason: ``replaced = {"test_…": "why"}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from goodword.errors import UsageError
from goodword.testing.contract_forgetting import ForgettingContract
from goodword.testing.contract_reading import ReadingContract
from goodword.testing.contract_tasks import TaskContract
from goodword.testing.contract_writing import WritingContract


class ConnectorContract(ReadingContract, TaskContract, WritingContract, ForgettingContract):
    """Tests of everything goodword expects of a connector (see the module docstring)."""

    replaced: ClassVar[Mapping[str, str]] = {}
    """Standard tests this suite replaces or leaves out (``test_x = None``), each with a reason."""

    def __init_subclass__(cls) -> None:
        """Refuse a suite that silently replaces or drops a standard test.

        Raises:
            UsageError: A standard test differs without a reason, or a reason names no such test.
        """
        super().__init_subclass__()
        standard = standard_tests()
        stray = sorted(cls.replaced.keys() - standard.keys())
        if stray:
            msg = f"{cls.__name__}.replaced names {stray[0]!r}, which is no standard test."
            raise UsageError(msg, hint="Correct the name or take it out.")
        for name, test in standard.items():
            if getattr(cls, name) is not test and not cls.replaced.get(name, "").strip():
                msg = f"{cls.__name__} replaces the standard test {name!r} without a reason."
                hint = f'Make the connector pass it, or say why: replaced = {{"{name}": "…"}}.'
                raise UsageError(msg, hint=hint)


def standard_tests() -> dict[str, object]:
    """Return the standard tests by name."""
    names = [name for name in dir(ConnectorContract) if name.startswith("test_")]
    return {name: getattr(ConnectorContract, name) for name in names}
