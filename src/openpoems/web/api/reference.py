"""The reference page of the interface (`docs/reference/api.md`), made from the tables that it reads itself."""

from collections.abc import Iterator
from pathlib import Path

from openpoems.web.accounts import rights
from openpoems.web.api.description import description, name_of
from openpoems.web.api.scopes import SCOPES
from openpoems.web.api.urls import RIGHTS
from openpoems.web.fhir.parameters import MOST, USUAL
from openpoems.web.fhir.searching import FEW
from openpoems.web.fhir.table import Served, served

_PAGE = Path(__file__).with_name("reference.md")


def reference_page() -> str:
    """The page as Markdown."""
    return _PAGE.read_text("utf-8").format(
        scopes="\n".join(_scope(name, str(words)) for name, words in SCOPES.items()),
        addresses="\n".join(_addresses()),
        resources="\n".join(_resource(each) for each in served().values()),
        usual=USUAL,
        most=MOST,
        few=FEW,
    )


def _scope(name: str, words: str) -> str:
    return f"| `{name}` | {words} | {', '.join(rights.rights()[name].reach)} |"


def _addresses() -> Iterator[str]:
    for path, methods in description()["paths"].items():
        for method, one in methods.items():
            right = RIGHTS[name_of(one["operationId"])]
            yield f"| `{method.upper()} {path}` | {one['summary']} | `{right}` |"


def _resource(each: Served) -> str:
    names = ", ".join(f"`{name}`" for name in each.parameters)
    return f"| {each.kind} | {each.holds} | {names} | `{each.right}` |"
