"""The sample firm for ``goodword demo``: the bundled workbook, set up the way init would."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

from goodword import Demo
from goodword_csv.account import account_of
from goodword_csv.guessing.proposal import propose
from goodword_csv.settings import CsvSettings

WORKBOOK = "harbour-heating.xlsx"
TODAY = date(2026, 11, 20)
"""The Friday the sample is about."""


def lay_out(folder: Path) -> Demo:
    """Copy the sample workbook into *folder*, and set it up by really looking at it."""
    path = folder / WORKBOOK
    path.write_bytes(files("goodword_csv").joinpath("sample", WORKBOOK).read_bytes())
    guess = propose([path], folder)
    account = account_of(CsvSettings.model_validate(guess.settings).customers)
    settings = {
        "firm": {
            "name": "Harbour Heating",
            "fallback_owner": "Moira Kerr",
            "currency": "GBP",
            "region": "GB",
            "ways_to_refer": [
                "pass on our number, 0117 496 0100",
                "a card from the van, with their name on the back",
            ],
            "ideal_client": "people with a boiler older than fifteen years",
        },
        "connector": {"name": "csv", "account": account},
        "calendar": {"time_zone": "Europe/London"},
        "plugin": {"csv": dict(guess.settings)},
    }
    return Demo(settings, TODAY, (path,))
