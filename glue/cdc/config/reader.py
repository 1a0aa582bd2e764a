"""Members of a JSON object read with their types; errors name the member's path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cdc.errors import ConfigError


@dataclass(frozen=True)
class Reader:
    """An object of the document and the path to it."""

    document: Any
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.document, dict):
            raise ConfigError(f"{self.where} must be an object, not {type(self.document).__name__}.")

    def value(self, name: str, kind: type) -> Any:
        """A member that must be there."""
        found = self.optional(name, kind)
        if found is None:
            raise ConfigError(f"{self.where}.{name} is missing.")
        return found

    def optional(self, name: str, kind: type) -> Any:
        """A member, or None when it is not there or null."""
        found = self.document.get(name)
        # To Python true is a number, too.
        if found is not None and (not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool)):
            raise ConfigError(f"{self.where}.{name} must be of type {kind.__name__}, not {type(found).__name__}.")
        return found

    def number(self, name: str) -> float | None:
        """A number, whole or not, or None when it is not there."""
        found = self.document.get(name)
        if found is not None and (not isinstance(found, int | float) or isinstance(found, bool)):
            raise ConfigError(f"{self.where}.{name} must be a number, not {type(found).__name__}.")
        return found

    def text(self, name: str) -> str:
        """A text that must be there and not be empty."""
        found = self.value(name, str)
        if not found.strip():
            raise ConfigError(f"{self.where}.{name} is empty. Give it a value or leave it out.")
        return found

    def optional_text(self, name: str) -> str | None:
        """The same, or None when it is not there."""
        return None if self.document.get(name) is None else self.text(name)

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """One of a few texts."""
        found = self.optional(name, str)
        if found is not None and found not in choices:
            raise ConfigError(f"{self.where}.{name} is {found!r}; it must be one of {', '.join(choices)}.")
        return default if found is None else found

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts, none of them empty; empty when it is not there."""
        members = Reader(self.optional(name, dict) or {}, f"{self.where}.{name}")
        return {member: members.text(member) for member in members.document}

    def child(self, name: str) -> Reader:
        """An object that must be there."""
        return Reader(self.value(name, dict), f"{self.where}.{name}")

    def children(self, name: str) -> list[Reader]:
        """A list of objects that must be there."""
        return [Reader(item, f"{self.where}.{name}[{index}]") for index, item in enumerate(self.value(name, list))]

    def members(self, name: str) -> dict[str, Reader]:
        """An object of objects; empty when it is not there."""
        found = self.optional(name, dict) or {}
        return {member: Reader(item, f"{self.where}.{name}.{member}") for member, item in found.items()}

    def allow_only(self, names: Collection[str], what: str) -> None:
        """Refuses members that nobody would read.

        Raises:
            ConfigError: Names the first such member and those that there are.
        """
        if unknown := sorted(set(self.document) - set(names)):
            raise ConfigError(
                f"{self.where} has the {what} {unknown[0]!r}, which there is not; there are "
                f"{', '.join(names)}. Correct the name, or deploy the job that knows it."
            )
