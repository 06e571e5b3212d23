"""Answers of the demo: some reviewed by an invented reviewer and shown so, one overdue, one in review, a remark."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from openpoems.web.answers.actions import bring, let_time_pass, review, take_step
from openpoems.web.answers.models import Answer, Remark, Reviewer
from openpoems.web.answers.people import say
from openpoems.web.demo.invented import invented


def fill_answers(editor: Any, reviewer: Any, administrator: Any, today: date) -> None:
    """Bring the project's answers in, and let the demo's people review a few of them."""
    told, now = invented()["reviewed"], datetime.combine(today, time(12), UTC)
    bring(at=now - timedelta(days=max(told["answers"].values()) + 20))
    who = {name: told[name] for name in ("name", "profession", "organisation")}
    Reviewer.objects.create(
        user=reviewer, **who, proof="of the demo", told=now, verified=now, verified_by=administrator, invented=True
    )
    for name, days in told["answers"].items():
        at = now - timedelta(days=days)
        review(by=reviewer, answer=_sent(name, editor, at), step="approve", at=at)
    for name in told["in_review"]:
        _sent(name, editor, now)
    for name, words in told["asked"].items():
        version = Answer.objects.get(name=name).public
        assert version is not None  # noqa: S101 - just brought in
        say(by=None, version=version, kind=Remark.Kind.UNCLEAR, words=words, at=now, whence="demo")
    let_time_pass(today=today, at=now)


def _sent(name: str, editor: Any, at: datetime) -> Answer:
    return take_step(by=editor, answer=Answer.objects.get(name=name), step="send", at=at)
