"""The site's settings as the environment gives them, read strictly: a word that is not understood stops the start."""

from collections.abc import Mapping
from pathlib import Path

from openpoems.errors import OpenpoemsError

_YES, _NO = frozenset(("1", "true", "yes", "on")), frozenset(("0", "false", "no", "off", ""))


class BadSetting(OpenpoemsError):
    """A setting of the environment that cannot be used; the message names it and the mend, never its value."""


class Environment:
    """Reads named settings from a mapping such as `os.environ`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """The setting without blanks around it."""
        return self._values.get(name, default).strip()

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no. Raises `BadSetting`."""
        word = self._values.get(name)
        if word is None:
            return default
        if word.strip().lower() in _YES:
            return True
        if word.strip().lower() in _NO:
            return False
        raise BadSetting(f"{name}: write yes or no")

    def number(self, name: str, default: int) -> int:
        """A whole number. Raises `BadSetting`."""
        word = self.text(name)
        if not word:
            return default
        try:
            return int(word)
        except ValueError:
            raise BadSetting(f"{name}: write a whole number") from None

    def words(self, name: str) -> list[str]:
        """A list whose parts are separated by commas."""
        return [part.strip() for part in self._values.get(name, "").split(",") if part.strip()]

    def path(self, name: str, default: Path) -> Path:
        """A place on the disk."""
        word = self.text(name)
        return Path(word).expanduser() if word else default
