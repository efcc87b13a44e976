"""The plugin ``goodword plugins new`` starts: a folder that installs, with a test that passes."""

from __future__ import annotations

import keyword
from pathlib import Path

from goodword.errors import SettingsError, SourceError

PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "goodword-NAME"
version = "0.1.0"
description = "A plugin for goodword."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["goodword>=0.1,<1"]

[project.optional-dependencies]
test = ["pytest>=8"]

[project.entry-points.goodword]
NAME = "goodword_NAME"

[tool.hatch.build.targets.wheel]
only-include = ["goodword_NAME.py"]

[tool.pytest.ini_options]
pythonpath = ["."]
testpaths = ["tests"]
"""

MODULE = '''\
"""What the plugin NAME adds to goodword; here one reason not to ask, to start from."""

from goodword import Suppressor, hookimpl


@hookimpl
def goodword_ask_rules(c, settings):
    """Let a purchase settle for a week before we ask for anything."""
    return [
        Suppressor(
            "NAME_settling_in",
            since=c.last_purchase_at,
            days=7,
            because="bought on {last_purchase_at}, let it settle first",
        )
    ]
'''

TEST = '''\
"""The rules of NAME, tried on two customers."""

from datetime import date

from goodword import Trigger
from goodword.testing import decide, facts_in
from goodword_NAME import goodword_ask_rules


def test_a_fresh_purchase_is_given_a_week():
    rows = [
        {"visit_at": date(2026, 11, 18), "visit_id": "a", "last_purchase_at": date(2026, 11, 17)},
        {"visit_at": date(2026, 11, 18), "visit_id": "b", "last_purchase_at": date(2026, 3, 1)},
    ]
    c = facts_in(rows)
    moment = Trigger("visit", since=c.visit_at, record=c.visit_id, because="visited us")
    fresh, settled = decide(
        [moment, *goodword_ask_rules(c, settings=None)], rows, as_of=date(2026, 11, 20)
    )
    assert (fresh["verdict"], fresh["code"]) == ("wait", "NAME_settling_in")
    assert fresh["next_ask"] == date(2026, 11, 24)
    assert settled["verdict"] == "ask"
'''

README = """\
# goodword-NAME

A plugin for goodword. Its rules are in `goodword_NAME.py`, their test in `tests/`.

```
python -m pip install -e '.[test]'
python -m pytest
```

Switch it on in the firm's `goodword.toml`, then look at what it adds:

```toml
[plugins]
enabled = ["NAME"]
```

```
goodword plugins --rules
goodword why "Pat Doe"
```

`goodword plugins --facts` lists what a rule can read, `goodword plugins --hooks` what else a
plugin can add.
"""


def write_plugin(name: str, into: Path) -> Path:
    """Write the folder ``goodword-NAME`` below *into* and return it.

    Raises:
        SettingsError: The name cannot be that of a plugin.
        SourceError: The folder is there already, or cannot be written.
    """
    if not (name.isascii() and name.isidentifier() and name.islower()) or keyword.iskeyword(name):
        msg = f"A plugin cannot be called {name!r}."
        raise SettingsError(msg, hint="Use small letters, digits and _, such as loyalty.")
    folder = into / f"goodword-{name}"
    files = {
        "pyproject.toml": PYPROJECT,
        "README.md": README,
        f"goodword_{name}.py": MODULE,
        f"tests/test_{name}.py": TEST,
    }
    try:
        (folder / "tests").mkdir(parents=True, exist_ok=False)
        for path, text in files.items():
            (folder / path).write_text(text.replace("NAME", name), encoding="utf-8")
    except FileExistsError as error:
        msg = f"{folder} is there already."
        raise SourceError(msg, hint="Choose another name, or work in that folder.") from error
    except OSError as error:
        msg = f"{folder} cannot be written ({error.strerror})."
        raise SourceError(msg, hint="Name another place with --into.") from error
    return folder
