"""An answer as an editor writes it: plain lines, each claim with the names of its facts in square brackets.

## Who can have it
Age limits differ: up to {asct-age-limit}. [induction-group]
- A line of a list. [by-extent]
"""

import re
from datetime import date
from typing import Any

from openpoems.knowledge.answers import Answer, Claim, Section

_FACTS = re.compile(r"\s*\[([^\[\]]*)\]\s*$")
_TITLE = "## "


class Unwritten(ValueError):
    """What was written is no answer yet; the message says why."""


def written(answer: Answer) -> dict[str, Any]:
    """The fields of the form for an answer."""
    return {
        "question": answer.question,
        "also": "\n".join(answer.also),
        "topic": answer.topic,
        "short": _line(answer.short),
        "sections": "\n\n".join(_section(each) for each in answer.section),
        "unknown": "\n".join(_line(each) for each in answer.unknown),
        "ask": "\n".join(answer.ask),
        "related": "\n".join(answer.related),
    }


def parsed(fields: dict[str, Any], *, on: date, rank: int = 100) -> Answer:
    """The answer of a form's fields. Raises `Unwritten`."""
    short = _lines(fields["short"])
    if len(short) != 1:
        raise Unwritten("the short answer is one paragraph, with its facts in brackets at the end")
    return Answer(
        question=" ".join(fields["question"].split()),
        also=tuple(_lines(fields.get("also", ""))),
        topic=fields["topic"],
        short=_claim(short[0]),
        section=tuple(_sections(fields["sections"])),
        unknown=tuple(map(_claim, _lines(fields["unknown"]))),
        ask=tuple(_lines(fields["ask"])),
        related=tuple(_lines(fields.get("related", ""))),
        written=on,
        rank=rank,
    )


def _sections(text: str) -> list[Section]:
    titles: list[tuple[str, list[Claim]]] = []
    for line in _lines(text):
        if line.startswith(_TITLE):
            titles.append((line.removeprefix(_TITLE).strip(), []))
        elif not titles:
            raise Unwritten("the full answer begins with a heading: a line such as “## What happens”")
        else:
            titles[-1][1].append(_claim(line))
    if empty := [title for title, claims in titles if not claims]:
        raise Unwritten(f"nothing stands under the heading “{empty[0]}”")
    return [Section(title=title, claim=tuple(claims)) for title, claims in titles]


def _claim(line: str) -> Claim:
    found = _FACTS.search(line)
    names = tuple(name.strip() for name in found[1].split(",") if name.strip()) if found else ()
    return Claim(says=_FACTS.sub("", line), rests_on=names)


def _line(claim: Claim) -> str:
    return f"{claim.says} [{', '.join(claim.rests_on)}]" if claim.rests_on else claim.says


def _section(section: Section) -> str:
    return "\n".join([f"{_TITLE}{section.title}", *map(_line, section.claim)])


def _lines(text: str) -> list[str]:
    plain = (" ".join(line.replace("\0", "").split()) for line in text.splitlines())
    return [line for line in plain if line]
