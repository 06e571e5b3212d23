"""What changed between two editions of the criteria, as text."""

from collections.abc import Callable, Iterator

from openpoems.knowledge.model import CriteriaSet, Group, Has, Level, Not
from openpoems.knowledge.store import Knowledge
from openpoems.reports.edition import STATUS, group_words, item_words, wrapped
from openpoems.reports.wording import CHECKED

Pairs = list[tuple[Group, Group]]


def difference(old: CriteriaSet, new: CriteriaSet, knowledge: Knowledge) -> str:
    """What `new` says otherwise than `old`: levels, groups, needs, items, supportive signs and notes."""
    lines = [*_head(old, new), *(_rule(old, new, knowledge) or ["no difference in the rule"])]
    lines += _supportive(old, new, knowledge)
    lines += _said("footnote", [note.says for note in old.notes], [note.says for note in new.notes])
    lines += _said("condition", [each.present for each in old.caveats], [each.present for each in new.caveats])
    return "\n".join(line for each in lines for line in wrapped(each)) + "\n"


def _head(old: CriteriaSet, new: CriteriaSet) -> Iterator[str]:
    for sign, each in (("-", old), ("+", new)):
        adopts = f"; adopts {each.adopts}" if each.adopts else ""
        yield f"{sign} {each.key}  {each.name}  ({STATUS[each.status]}{adopts}; {CHECKED[each.cite.verified]})"
    if old.conclusion != new.conclusion:
        yield f"conclusion: {old.conclusion!r} becomes {new.conclusion!r}"


def _rule(old: CriteriaSet, new: CriteriaSet, knowledge: Knowledge) -> list[str]:
    pairs, gone, come = _levels(old, new)
    lines = [f"level {level.name} is gone" for level in gone]
    for level in come:
        lines.append(f"level {level.name} is new: {' and '.join(group_words(group) for group in level.groups)}")
    for before, after in pairs:
        if before.name != after.name:
            lines.append(f"level: {before.name or 'without a name'} becomes {after.name or 'without a name'}")
        named = f"{after.name}, " if after.name else ""
        lines += [f"{named}{line}" for line in _groups(before, after, knowledge)]
    return lines


def _levels(old: CriteriaSet, new: CriteriaSet) -> tuple[list[tuple[Level, Level]], list[Level], list[Level]]:
    """Levels of one name belong together; where none does, the most certain ones are compared."""
    names = {level.name: level for level in new.levels}
    pairs = [(level, names[level.name]) for level in old.levels if level.name in names]
    if not pairs:
        pairs = [(old.levels[0], new.levels[0])]
    gone = [level for level in old.levels if all(level is not before for before, _ in pairs)]
    return pairs, gone, [level for level in new.levels if all(level is not after for _, after in pairs)]


def _groups(old: Level, new: Level, knowledge: Knowledge) -> Iterator[str]:
    pairs = _paired(old, new)
    for group in old.groups:
        if all(group is not before for before, _ in pairs):
            yield f"group {group_words(group)} is gone"
    for group in new.groups:
        if all(group is not after for _, after in pairs):
            yield f"group {group_words(group)} is new"
    for before, after in pairs:
        if before.name != after.name:
            yield f"group {before.name} is called {after.name}"
        if group_words(before).partition(": ")[2] != group_words(after).partition(": ")[2]:
            yield f"group {after.name}: {_need(before)} becomes {_need(after)}"
    yield from _items(old, new, pairs, knowledge)


def _need(group: Group) -> str:
    return f"{group.need} of {len(group.items)}"


def _paired(old: Level, new: Level) -> Pairs:
    """Groups that belong together: those of the same items, then of the same name, then those that share most."""
    alike: tuple[Callable[[Group, Group], bool], ...] = (
        lambda one, other: set(one.items) == set(other.items),
        lambda one, other: one.name == other.name,
        lambda one, other: bool(set(one.items) & set(other.items)),
    )
    pairs: Pairs = []
    left, right = list(old.groups), list(new.groups)
    for same in alike:
        for before in list(left):
            rivals = sorted((g for g in right if same(before, g)), key=lambda g: -len(set(g.items) & set(before.items)))
            if rivals:
                pairs.append((before, rivals[0]))
                left.remove(before)
                right.remove(rivals[0])
    return sorted(pairs, key=lambda pair: old.groups.index(pair[0]))


def _items(old: Level, new: Level, pairs: Pairs, knowledge: Knowledge) -> Iterator[str]:
    before, after = _placed(old), _placed(new)
    became = {one.name: other.name for one, other in pairs}
    for item, group in before.items():
        name = item_words(item, knowledge)
        if item not in after:
            yield f"- {name}: no longer in {group}"
        elif became.get(group) != after[item]:
            yield f"> {name}: moved from {group} to {after[item]}"
    for item, group in after.items():
        if item not in before:
            yield f"+ {item_words(item, knowledge)}: now in {group}"


def _placed(level: Level) -> dict[Has | Not, str]:
    return {item: group.name for group in level.groups for item in group.items}


def _supportive(old: CriteriaSet, new: CriteriaSet, knowledge: Knowledge) -> Iterator[str]:
    names = [[knowledge.findings[id].name for id in each.supportive] for each in (old, new)]
    yield from _said("supportive sign", *names)


def _said(what: str, old: list[str], new: list[str]) -> Iterator[str]:
    yield from (f"- {what}: {each}" for each in old if each not in new)
    yield from (f"+ {what}: {each}" for each in new if each not in old)
