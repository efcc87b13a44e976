"""``goodword install``: what a CRM needs of ours before it can be written to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goodword.cli.asking import require_yes
from goodword.cli.options import Folder, Json
from goodword.cli.place import FILE, firm_folder
from goodword.cli.screen import show, show_json
from goodword.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from goodword.connector import ConnectorSpec, InstallStep, Workplace

REMOVING = (
    "This takes goodword's own fields out of the CRM with their values, and who is marked "
    "'do not ask' goes with them. Set [rollout] mode = \"shadow\" first, so that no run asks "
    "anybody. Go on?"
)
GONE = "What goodword made is taken out; your own data was not touched."
LEFT = "Not everything could be taken out: see the lines with ✗. Your own data was not touched."
STOP = 'Who was marked "do not ask" is marked no more: keep [rollout] mode = "shadow".'
BY_HAND = "Write account and sandbox into the section [connector] by hand; doctor names them."


def install(
    ctx: typer.Context,
    connector: Annotated[str, typer.Argument(help="The CRM, such as hubspot.")],
    apply: Annotated[bool, typer.Option("--apply", help="Make what is missing.")] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take out what is ours, and nothing else.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write it into this new folder, for an admin to install."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Show what goodword needs in your CRM, and with --apply make it.

    Shows its plan first: without --apply nothing is changed. What is there already is left as it
    is, and named where it is in the way; then the exit code is 3. With --export, it is written as
    files for the CRM's own tools, where the CRM has such; nothing is sent.
    """
    from dataclasses import asdict

    if apply and remove:
        msg = "--apply and --remove are opposites."
        raise UsageError(msg, hint="Give one of them, or none for the plan.")
    home = firm_folder(ctx, folder)
    if export is not None:
        if apply or remove:
            msg = "--export writes files only, so it goes with neither --apply nor --remove."
            raise UsageError(msg, hint="Give one of them.")
        _export(home, connector, export, json=json)
        return
    spec, settings, work = _opened(home, connector, "install")
    install_it = spec.install
    if install_it is None:
        msg = f"{connector} needs nothing of ours installed."
        raise UsageError(msg, hint="Go on with: goodword init")
    if remove:
        require_yes(REMOVING, yes=yes)
    what: Literal["plan", "apply", "remove"] = "apply" if apply else "remove" if remove else "plan"
    steps = install_it(settings, work, what)
    if apply:
        _pin(home, spec, settings, work)
    if json:
        show_json({"steps": [asdict(step) for step in steps]})
    else:
        show(_page(steps), *_next(what, steps, connector))
    if any(step.state == "conflict" for step in steps):
        raise typer.Exit(3)


def _export(home: Path, name: str, target: Path, *, json: bool) -> None:
    """Write what the CRM needs into a folder; neither the firm nor the CRM is changed."""
    from dataclasses import asdict

    spec, settings, _ = _opened(home, name, "export")
    if spec.export is None:
        msg = f"{name} has no package that an admin could install."
        raise UsageError(msg, hint=f"goodword makes what is missing: goodword install {name}")
    package = spec.export(settings, target)
    if json:
        show_json(asdict(package))
        return
    show(f"{len(package.files)} files are in {target}.", *package.then)


def _opened(
    home: Path, name: str, gift: Literal["install", "export"]
) -> tuple[ConnectorSpec[Any], BaseModel, Workplace]:
    """Return the connector with the firm's settings, or its defaults where there are none yet."""
    from goodword.cli.file_connectors import connector_with
    from goodword.connector import Workplace
    from goodword.firm import Firm
    from goodword.settings import validated

    firm = Firm(home)
    if not (home / FILE).exists():
        spec = connector_with(gift, name)
        today = datetime.now(UTC).date()
        work = Workplace(home, firm.state.folder, "install", today)
        return spec, validated(spec.settings, {}, f"[plugin.{name}]"), work
    section = firm.settings.connector
    if "name" not in section.model_fields_set and set(firm.settings.plugin) == {name}:
        spec = connector_with(gift, name)  # the file names no connector yet; --apply does
        own = validated(spec.settings, firm.settings.plugin[name], f"{FILE}, [plugin.{name}]")
        return spec, own, Workplace(home, firm.state.folder, "install", firm.as_of, section.account)
    if section.name != name:
        msg = f"{FILE} is about the connector {section.name!r}, not {name!r}."
        raise SettingsError(msg, hint="Name another folder with --folder, or a profile.")
    work = Workplace(home, firm.state.folder, "install", firm.as_of, section.account)
    return firm.spec, firm.connector_settings(), work


def _pin(home: Path, spec: ConnectorSpec[Any], settings: BaseModel, work: Workplace) -> None:
    """Write down which account was set up, so that a key of another one is refused."""
    import tomllib

    from goodword.cli.firm_file import write_firm
    from goodword.cli.rollout_setting import replace_whole
    from goodword.cli.section_edit import with_section

    host = spec.open(settings, work)
    pinned = {"name": spec.name, "account": host.account, "sandbox": host.sandbox}
    path = home / FILE
    if not path.exists():
        write_firm(home, {"firm": {}, "connector": pinned})
        return
    before = path.read_bytes()
    section = tomllib.loads(before.decode("utf-8-sig")).get("connector", {})
    if section.get("account") in (None, "", host.account):
        after = with_section(before, ["connector"], {**section, **pinned}, by_hand=BY_HAND)
        if after != before:
            replace_whole(path, after)


def _page(steps: tuple[InstallStep, ...]) -> Any:
    """Return one line a part (Any: what the terminal prints)."""
    from goodword.report import install_page

    return install_page(steps)


def _next(what: str, steps: tuple[InstallStep, ...], connector: str) -> list[str]:
    if what == "plan" and any(step.state == "to make" for step in steps):
        return [f"Nothing was changed. To make it: goodword install {connector} --apply"]
    if what == "remove":
        stayed = any(step.state == "conflict" for step in steps)
        return [LEFT if stayed else GONE, STOP]
    return ["Next: goodword doctor, then goodword plan"]
