"""Sessions: which access tokens are good, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2s


@dataclass(slots=True)
class Sessions:
    """Access tokens by who holds them.

    Args:
        org_id: The first part of every token.
        given: How many were given out.
    """

    org_id: str = ""
    given: int = 0
    _users: dict[str, str] = field(default_factory=dict)

    def open(self, user_id: str) -> str:
        """Return a new token of the user."""
        self.given += 1
        tail = blake2s(f"{self.given}:{user_id}".encode(), digest_size=24).hexdigest()
        token = f"{self.org_id[:15]}!{tail}"
        self._users[token] = user_id
        return token

    def user(self, token: str) -> str:
        """Return whose *token* is; empty when it is not good."""
        return self._users.get(token, "")

    def end_all(self) -> None:
        """Let every token run out."""
        self._users.clear()
