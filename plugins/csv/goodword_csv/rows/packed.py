"""Texts by the hundred thousand, kept as one block of bytes: a tenth of the room of as many."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload


class Packed(Sequence[str | None]):
    """Texts, each made again when it is looked at; one that is None stays so.

    Args:
        texts: The texts; half of a surrogate pair is kept, too.
    """

    def __init__(self, texts: Iterable[str | None] = ()) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._missing: set[int] = set()
        for place, text in enumerate(texts):
            if text is None:
                self._missing.add(place)
            else:
                self._bytes += text.encode(errors="surrogatepass")
            self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> str | None: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str | None]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str | None] | None:
        places = range(len(self))[index]
        if isinstance(places, range):
            return [self._text(place) for place in places]
        return self._text(places)

    def __iter__(self) -> Iterator[str | None]:
        missing = self._missing
        for place, (begin, end) in enumerate(pairwise(self._ends)):
            if place in missing:
                yield None
            else:
                yield self._bytes[begin:end].decode(errors="surrogatepass")

    def _text(self, place: int) -> str | None:
        if place in self._missing:
            return None
        begin, end = self._ends[place], self._ends[place + 1]
        return self._bytes[begin:end].decode(errors="surrogatepass")
