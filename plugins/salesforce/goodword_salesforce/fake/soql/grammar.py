"""The grammar: from words to a query. Nothing is guessed; what is left over is an error."""

from __future__ import annotations

from dataclasses import dataclass, field

from goodword_salesforce.fake.soql.tokens import Token, malformed, tokens

FUNCTIONS = ("COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX")
RESERVED = frozenset(
    (
        *("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "GROUP", "BY", "HAVING"),
        *("ORDER", "ASC", "DESC", "NULLS", "FIRST", "LAST", "LIMIT", "OFFSET", "WITH", "FOR"),
        *("NULL", "TRUE", "FALSE", "INCLUDES", "EXCLUDES", "ALL"),
    )
)
COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Item:
    """Something selected or ordered by: a path, perhaps inside a function."""

    path: str
    function: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``path operator value``; IN and NOT IN have several values, or a query."""

    path: str
    operator: str
    values: tuple[Token, ...] = ()
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that all hold (AND), of which one holds (OR), or that does not hold (NOT)."""

    word: str
    parts: tuple[Condition, ...]


Condition = Comparison | Group


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY term."""

    item: Item
    descending: bool = False
    nulls_last: bool = False


@dataclass(slots=True)
class Query:
    """A query as it was read."""

    items: list[Item]
    object: str
    count_only: bool = False
    where: Condition | None = None
    group: list[str] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0

    @property
    def aggregated(self) -> bool:
        """Whether rows are counted or summed up rather than shown."""
        return bool(self.group) or any(item.function for item in self.items)


def parse(soql: str) -> Query:
    """Return the query *soql* asks.

    Raises:
        RefusedError: It does not follow the grammar (MALFORMED_QUERY).
    """
    reader = _Reader(tokens(soql))
    query = reader.query()
    if reader.now.kind != "end":
        reader.unexpected()
    return query


class _Reader:
    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._place = 0

    @property
    def now(self) -> Token:
        return self._words[self._place]

    def unexpected(self) -> None:
        malformed(f"unexpected token: '{self.now.text}' at position {self.now.at}")

    def _next(self) -> Token:
        token = self.now
        self._place += 1
        return token

    def _word(self, *words: str) -> bool:
        if self.now.is_word(*words):
            self._place += 1
            return True
        return False

    def _sign(self, *signs: str) -> bool:
        if self.now.is_sign(*signs):
            self._place += 1
            return True
        return False

    def _need(self, found: bool) -> None:
        if not found:
            self.unexpected()

    def _name(self) -> str:
        token = self.now
        if token.kind != "word" or token.text.upper() in RESERVED or ":" in token.text:
            self.unexpected()
        return self._next().text

    def _whole(self) -> int:
        if self.now.kind != "number" or not self.now.text.isdigit():
            self.unexpected()
        return int(self._next().text)

    def query(self) -> Query:
        self._need(self._word("SELECT"))
        items = [self._item(aliased=True)]
        while self._sign(","):
            items.append(self._item(aliased=True))
        self._need(self._word("FROM"))
        query = Query(items, self._name())
        query.count_only = len(items) == 1 and items[0].function == "COUNT" and not items[0].path
        if not query.count_only and any(item.function and not item.path for item in items):
            malformed("COUNT() must be the only element in the SELECT list")
        if self._word("WHERE"):
            query.where = self._conditions()
        if self._word("GROUP"):
            self._need(self._word("BY"))
            query.group.append(self._name())
            while self._sign(","):
                query.group.append(self._name())
        if self._word("ORDER"):
            self._need(self._word("BY"))
            query.order.append(self._order())
            while self._sign(","):
                query.order.append(self._order())
        if self._word("LIMIT"):
            query.limit = self._whole()
        if self._word("OFFSET"):
            query.offset = self._whole()
        return query

    def _item(self, *, aliased: bool) -> Item:
        name = self._name()
        function = ""
        if self._sign("("):
            function = name.upper()
            if function not in FUNCTIONS:
                malformed(f"unknown function: {name}")
            name = "" if function == "COUNT" and self.now.is_sign(")") else self._name()
            self._need(self._sign(")"))
        alias = ""
        if aliased and self.now.kind == "word" and not self.now.is_word(*RESERVED):
            alias = self._name()
        return Item(name, function, alias)

    def _order(self) -> Order:
        item = self._item(aliased=False)
        descending = self._word("DESC")
        if not descending:
            self._word("ASC")
        nulls_last = False
        if self._word("NULLS"):
            nulls_last = self._word("LAST")
            self._need(nulls_last or self._word("FIRST"))
        return Order(item, descending, nulls_last)

    def _conditions(self) -> Condition:
        """Read conditions joined by one word: AND and OR together need brackets."""
        if self._word("NOT"):
            return Group("NOT", (self._condition(),))
        parts = [self._condition()]
        if not self.now.is_word("AND", "OR"):
            return parts[0]
        word = self.now.text.upper()
        while self._word(word):
            parts.append(self._condition())
        if self.now.is_word("AND", "OR"):
            self.unexpected()
        return Group(word, tuple(parts))

    def _condition(self) -> Condition:
        if self._sign("("):
            found = self._conditions()
            self._need(self._sign(")"))
            return found
        path = self._name()
        if self.now.is_sign(*COMPARISONS):
            operator = self._next().text.replace("<>", "!=")
            return Comparison(path, operator, (self._value(),))
        if self._word("LIKE"):
            return Comparison(path, "LIKE", (self._value(),))
        negated = self._word("NOT")
        self._need(self._word("IN"))
        operator = "NOT IN" if negated else "IN"
        self._need(self._sign("("))
        if self.now.is_word("SELECT"):
            found = Comparison(path, operator, query=self.query())
        else:
            values = [self._value()]
            while self._sign(","):
                values.append(self._value())
            found = Comparison(path, operator, tuple(values))
        self._need(self._sign(")"))
        return found

    def _value(self) -> Token:
        token = self.now
        literal = token.kind in {"text", "number", "date", "datetime"}
        named = token.is_word("NULL", "TRUE", "FALSE") or is_relative(token)
        if not literal and not named:
            self.unexpected()
        return self._next()


def is_relative(token: Token) -> bool:
    """Return whether it is a day that depends on today: TODAY, LAST_N_DAYS:30."""
    word = token.text.upper()
    return token.kind == "word" and (
        word in {"TODAY", "YESTERDAY", "TOMORROW"}
        or word.startswith(("LAST_N_DAYS:", "NEXT_N_DAYS:"))
    )
