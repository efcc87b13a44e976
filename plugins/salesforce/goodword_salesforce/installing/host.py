"""The few calls that installing makes, and the open org that answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from goodword_salesforce.seam.kinds import Kind
from goodword_salesforce.seam.query import Wanted, each_page
from goodword_salesforce.seam.transport import Upload

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org
    from goodword_salesforce.seam.soql import Query
    from goodword_salesforce.seam.values import Row

Answer = Mapping[str, Any]
"""An answer as Salesforce gave it (Any: its own shapes)."""
FormPart = tuple[str | None, bytes | str, str]
"""One part of a form: file name (None for a plain part), content, type of content."""


class Host(Protocol):
    """An org as installing needs it; paths are those below ``/services/data/vNN.0/``.

    Every method raises a ``ConnectorError``: ``RecordError`` for what was refused or is hidden,
    ``AuthError`` for a missing right.
    """

    @property
    def version(self) -> str:
        """Version of the API, such as ``66.0``."""
        ...

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read an address."""
        ...

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """Make a record."""
        ...

    def post_multipart(self, path: str, parts: Mapping[str, FormPart]) -> Answer:
        """Send a form with a file."""
        ...

    def delete(self, path: str) -> None:
        """Delete a record; one that is gone already is no failure."""
        ...

    def query(self, query: Query, *, gone_too: bool = False) -> Iterator[Row]:
        """Yield every row of a query, page after page; values are texts, empty ones left out.

        With *gone_too* those in the bin as well, and tasks and events that were put away.
        """
        ...


@dataclass(frozen=True, slots=True)
class OrgHost:
    """The open org, as installing needs it."""

    org: Org

    @property
    def version(self) -> str:
        """Version of the API that is pinned in the settings."""
        return self.org.transport.login.version

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read an address."""
        return _whole(self.org.transport.send("GET", path, query=query).data)

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """Make a record."""
        return _whole(self.org.transport.send("POST", path, body).data)

    def post_multipart(self, path: str, parts: Mapping[str, FormPart]) -> Answer:
        """Send a form with a file; deploying the same twice leaves the same."""
        upload = Upload(parts=parts)
        return _whole(
            self.org.transport.send("POST", path, kind=Kind.REPEATABLE, upload=upload).data
        )

    def delete(self, path: str) -> None:
        """Delete a record."""
        self.org.transport.send("DELETE", path)

    def query(self, query: Query, *, gone_too: bool = False) -> Iterator[Row]:
        """Yield every row of a query, page after page."""
        for page in each_page(self.org, Wanted(query, gone_too)):
            yield from page


def _whole(data: object) -> Answer:
    """Return an answer that is an object; an empty one, for an answer without a body."""
    return data if isinstance(data, Mapping) else {}
