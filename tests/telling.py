"""Stories on their way, for the tests of the community: written, sent, published, each by its author's account."""

from datetime import timedelta

from django.utils import timezone

from openpoems.web.community.actions import stories as actions
from openpoems.web.community.actions.members import join
from openpoems.web.community.models import Member


def member_since(user, name, days=60, role="affected"):
    """A member who joined so many days ago."""
    member = join(by=user, role=role, name=name)
    Member.objects.filter(pk=member.pk).update(joined=timezone.now() - timedelta(days=days))
    return Member.objects.get(pk=member.pk)


def written(member, title="Slowly", audience="public", **more):
    """A draft that could be sent."""
    by = member.user
    story = actions.begin(by=by, member=member)
    fields = {"title": title, "happened": f"{title}: it began in my feet.", "audience": audience, **more}
    return actions.keep(by=by, story=story, fields=fields)


def sent(member, **more):
    """A story that waits."""
    return actions.submit(by=member.user, story=written(member, **more))


def decided(story, moderator, step, words=""):
    """The story after a moderator took it up and decided."""
    return actions.decide(by=moderator, story=actions.claim(by=moderator, story=story), step=step, words=words)


def published(member, moderator, **more):
    """A story that readers see."""
    return decided(sent(member, **more), moderator, "publish")
