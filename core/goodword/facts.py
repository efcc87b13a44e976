"""The facts frame: canonical tables become one typed row a contact.

Every fact declares its type, its fill and the tables it reads, so the schema is known before any
data. The frame a fact's ``build`` returns is checked: the promised columns, each contact once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from goodword.errors import PluginError, fault_of
from goodword.tables import EXTRA_PREFIX, ColumnType, Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from goodword.engines import Engine
    from goodword.rules import Build, Fact

TEXT: ColumnType = "text"
CONTACT_COLUMNS = ("contact_id", "referrer_id", "referred_id")
"""Columns of any table that hold a contact's id and follow its aliases."""
OWN_PAGE = frozenset({"contacts", "own_fields", "deal_rollups"})
"""Tables of one row a contact, kept by the host on the contact's page: after a merge the page that
stays has its own row, so the row of the page that went is dropped, not added."""


def canonical(tables: Mapping[str, Frame], engine: Engine) -> dict[str, Frame]:
    """Return *tables* with every contact id replaced by the one it is an alias of.

    Merged and converted contacts keep one history: an alias of an alias is followed to its end,
    a row of the page of a contact that became an alias (``OWN_PAGE``) is dropped.
    """
    import narwhals.stable.v2 as nw

    known = tables["aliases"].filter(~nw.col("contact_id").is_null())
    pairs = engine.collect(known.select("alias_id", "contact_id")).rows()
    if not pairs:
        return dict(tables)
    ends = _ends({str(alias): str(target) for alias, target in pairs})
    types: dict[str, ColumnType] = {":alias": "text", ":end": "text"}
    lookup = engine.rows([{":alias": a, ":end": e} for a, e in ends.items()], types)
    result: dict[str, Frame] = {}
    for name, frame in tables.items():
        columns = frame.collect_schema().names()
        if name in OWN_PAGE:
            result[name] = frame.join(lookup, left_on="contact_id", right_on=":alias", how="anti")
            continue
        for column in CONTACT_COLUMNS if name != "aliases" else ():
            if column in columns:
                frame = frame.join(lookup, left_on=column, right_on=":alias", how="left")
                end = nw.coalesce(nw.col(":end"), nw.col(column)).alias(column)
                frame = frame.with_columns(end).select(columns)
        result[name] = _credited_once(frame) if name == "deal_contacts" else frame
    return result


def _credited_once(frame: Frame) -> Frame:
    """Return one row for each deal and person, where two of a deal's people became one."""
    import narwhals.stable.v2 as nw

    first = nw.col("primary").fill_null(value=False).cast(nw.Int64)
    people = frame.with_columns(first.alias(":primary")).group_by("deal_id", "contact_id")
    merged = people.agg(nw.col(":primary").max()).with_columns(
        (nw.col(":primary") > 0).alias("primary")
    )
    return merged.select("deal_id", "contact_id", "primary")


def _ends(aliases: Mapping[str, str]) -> dict[str, str]:
    """Follow each alias to its end; a ring of aliases ends at its smallest id."""
    ends: dict[str, str] = {}
    for alias in aliases:
        seen = [alias]
        while seen[-1] in aliases and aliases[seen[-1]] not in seen:
            seen.append(aliases[seen[-1]])
        ring = seen[seen.index(aliases[seen[-1]]) :] if seen[-1] in aliases else seen[-1:]
        ends[alias] = min(ring)
    return {alias: end for alias, end in ends.items() if alias != end}


def extra_facts(extra: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """Return the fact names and types of the firm's own contact columns."""
    return {EXTRA_PREFIX + name: kind for name, kind in extra.items()}


def fact_types(facts: Iterable[Fact], extra: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """Return every fact a rule may read, with its type."""
    return {fact.name: fact.type for fact in facts} | extra_facts(extra)


def blind_facts(facts: Iterable[Fact], available: frozenset[str]) -> dict[str, str]:
    """Return the facts that cannot be known, each with the first unavailable table it reads."""
    blind: dict[str, str] = {}
    for fact in facts:
        missing = [table for table in fact.reads if table not in available]
        if missing and len(missing) == len(fact.reads):
            blind[fact.name] = missing[0]
    return blind


def build_facts(
    tables: Mapping[str, Frame],
    facts: Sequence[Fact],
    sources: Mapping[str, str],
    extra: Mapping[str, ColumnType],
    as_of: date,
    engine: Engine,
) -> Frame:
    """Return one row a contact: ``contact_id``, the firm's extra columns, every fact.

    Args:
        tables: Canonical tables, aliases already resolved.
        facts: The facts to build.
        sources: Plugin of each fact, for messages.
        extra: Types of the firm's own contact columns.
        as_of: Day of the run (UTC).
        engine: Where the frames are computed.

    Raises:
        PluginError: A fact lacks a promised column, or holds a contact twice.
    """
    import narwhals.stable.v2 as nw

    groups: dict[Build, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.build].append(fact)
    members = list(groups.values())
    plugins = [sources[group[0].name] for group in members]
    lazy = [
        promised(
            _asked(build, tables, as_of, group, plugin),
            {fact.name: fact.type for fact in group},
            _names(group),
            plugin,
            "fact ",
        )
        for build, group, plugin in zip(groups, members, plugins, strict=True)
    ]
    parts = _computed(lazy, members, plugins, engine)
    require_one_row_each(parts, [_names(group) for group in members], plugins, engine)
    people = tables["contacts"].select("contact_id", *extra_facts(extra))
    frame = engine.beside(people, (parts.pop(0) for _ in members))  # none is kept twice
    fills = [nw.col(fact.name).fill_null(fact.fill) for fact in facts if fact.fill is not None]
    return engine.materialise(frame.with_columns(fills) if fills else frame)


def _asked(
    build: Build, tables: Mapping[str, Frame], as_of: date, members: Sequence[Fact], plugin: str
) -> Frame:
    try:
        return build(tables, as_of)
    except Exception as error:  # whatever a third party's code may raise, it is named
        raise _failed(members, plugin, error) from error


def _computed(
    lazy: Sequence[Frame],
    members: Sequence[Sequence[Fact]],
    plugins: Sequence[str],
    engine: Engine,
) -> list[Frame]:
    """Compute all parts together; if that fails, one by one, to name whose fault it is."""
    try:
        return engine.materialise_all(lazy)
    except Exception:
        for frame, group, plugin in zip(lazy, members, plugins, strict=True):
            try:
                engine.materialise(frame)
            except Exception as error:
                raise _failed(group, plugin, error) from error
        raise


def _failed(members: Sequence[Fact], plugin: str, error: Exception) -> PluginError:
    module = str(getattr(members[0].build, "__module__", ""))
    msg = f"Plugin {plugin!r}: building {_names(members)} failed ({fault_of(error, module)})."
    return PluginError(msg, hint="Fix or update the plugin.", plugin=plugin)


def promised(
    frame: Frame, types: Mapping[str, ColumnType], what: str, plugin: str, kind: str = "column "
) -> Frame:
    """Return ``contact_id`` and the columns of *types*, refusing what was not promised.

    Args:
        frame: What a plugin returned.
        types: The promised columns beside ``contact_id``, with their types.
        what: What the frame is of, for messages.
        plugin: Who returned it.
        kind: What a column is called in messages.

    Raises:
        PluginError: It is no lazy table, lacks a column, or has one of another type.
    """
    import narwhals.stable.v2 as nw

    returned: object = frame
    if not isinstance(returned, nw.LazyFrame):
        msg = f"Plugin {plugin!r}: the frame of {what} is a {type(returned).__name__}."
        hint = "Return a narwhals LazyFrame, made from the tables that were handed in."
        raise PluginError(msg, hint=hint, plugin=plugin)
    try:
        there = frame.collect_schema()
    except Exception as error:  # a lazy table shows its mistakes late
        msg = f"Plugin {plugin!r}: the frame of {what} does not compute ({fault_of(error, '')})."
        raise PluginError(msg, hint="Fix or update the plugin.", plugin=plugin) from error
    missing = [name for name in ("contact_id", *types) if name not in there]
    if missing:
        msg = f"Plugin {plugin!r}: the frame of {what} has no column {missing[0]!r}."
        named = ", ".join(("contact_id", *types))
        raise PluginError(msg, hint=f"Return the columns {named}.", plugin=plugin)
    for name, type_ in {"contact_id": TEXT, **types}.items():
        if not _fits(there[name], type_):
            msg = f"Plugin {plugin!r}: {kind}{name!r} is {there[name]}, not {type_}."
            hint = "Cast it: text String, int Int64, bool Boolean, time Datetime('us')."
            raise PluginError(msg, hint=hint, plugin=plugin)
    return frame.select("contact_id", *types)


def require_one_row_each(
    parts: Sequence[Frame], whats: Sequence[str], plugins: Sequence[str], engine: Engine
) -> None:
    """Refuse computed frames that hold a contact more than once.

    Args:
        parts: What plugins returned, computed.
        whats: What each frame is of, for messages.
        plugins: Who returned each.
        engine: Where they are counted, all at once.
    """
    import narwhals.stable.v2 as nw

    if not parts:
        return
    rows, ids = nw.len().cast(nw.Int64), nw.col("contact_id").n_unique().cast(nw.Int64)
    counts = [
        part.select(nw.lit(n).cast(nw.Int64).alias("part"), (rows - ids).alias("again"))
        for n, part in enumerate(parts)
    ]
    twice = nw.concat(counts, how="vertical").filter(nw.col("again") != 0).select("part")
    found = sorted(engine.collect(twice)["part"].to_list())
    if found:
        what, plugin = whats[found[0]], plugins[found[0]]
        msg = f"Plugin {plugin!r}: the frame of {what} holds a contact more than once."
        hint = "Aggregate it to one row a contact, for example with last()."
        raise PluginError(msg, hint=hint, plugin=plugin)


def _names(members: Sequence[Fact]) -> str:
    return ", ".join(fact.name for fact in members)


def _fits(dtype: object, kind: ColumnType) -> bool:
    import narwhals.stable.v2 as nw

    fits = {
        "text": dtype == nw.String,
        "int": dtype == nw.Int64,
        "bool": dtype == nw.Boolean,
        "time": dtype == nw.Datetime("us"),
    }
    return fits[kind]
