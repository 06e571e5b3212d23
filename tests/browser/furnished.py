"""The cast with something on every page, and what then stands in the addresses that ask for more than a record.

`furnish(cast)` returns the fillings of each such address, as `rights.csv` writes it; `?` is what is asked of the page.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.core import mail
from django.utils import timezone

from openpoems.interchange.redcap import read_dictionary
from openpoems.interchange.sources import load, read_source
from openpoems.interchange.table import Told
from openpoems.record import PartialDate
from openpoems.record.model import Coding, Concept, Event
from openpoems.web.accounts.models import Membership
from openpoems.web.answers.actions import bring, review, take_step
from openpoems.web.answers.documents import read
from openpoems.web.answers.models import Answer, Remark, Reviewer
from openpoems.web.answers.people import say
from openpoems.web.answers.translating import translate
from openpoems.web.api.actions import make_key
from openpoems.web.attention.tasks import look_again
from openpoems.web.clinic.jobs import ask
from openpoems.web.clinic.models import Job
from openpoems.web.clinic.snapshots import refresh
from openpoems.web.community.actions.compared import compare
from openpoems.web.community.actions.complaints import report as complain
from openpoems.web.community.actions.meetings import wish
from openpoems.web.community.models import Meeting, Member, Message, Outcome, Story
from openpoems.web.community.questionnaires import questionnaires
from openpoems.web.community.views.writing import WRITING
from openpoems.web.insight.actions import make_link
from openpoems.web.library.tables import SHELVES, shelf_in
from openpoems.web.portal.mydata import FORMS
from openpoems.web.registry.actions.drafts import keep
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.actions.invitations import invite
from openpoems.web.registry.actions.people import add_person
from openpoems.web.registry.imports import mappings, previews, sources
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import facts_in, row_of
from tests.cast import account
from tests.unit.interchange.test_redcap import DICTIONARY
from tests.unit.web.test_answers import in_spanish

COURSE = Path(__file__).resolve().parents[2] / "examples" / "course.csv"
# VEGF has risen above its limit twice by then: the course has all that a course can have.
DAY = date(2023, 9, 5)
SOURCE = (
    "Date\tTest\tResult\tUnit\tReference range\n"
    "2021-04-03\tVEGF, plasma\t1200\tpg/mL\t0-115\n"
    "03/04/2021\tHaemoglobin\t13.2\tg/dL\t12-16\n"
)
LONG = "We walked to the sea, slowly, and back again; it took the whole day and it was worth every step of the way. "


def furnish(cast):
    """Give everybody of the cast something to look at; the fillings of each address."""
    for name in ("editor", "reviewer"):
        setattr(cast.users, name, account(name, second_factor=True))
        Membership.objects.create(user=getattr(cast.users, name), role=name)
    now = timezone.now()
    parts = (_accounts(cast), _record(cast), _sharing(cast), _imports(cast), _answers(cast, now), _community(cast, now))
    return {pattern: fillings for part in parts for pattern, fillings in part.items()}


def _accounts(cast):
    nora = cast.users.nora
    RecoveryCodes.activate(nora)
    key = Authenticator.objects.create(user=cast.users.saul, type=Authenticator.Type.WEBAUTHN, data={"name": "My key"})
    keys, codes = "/accounts/2fa/webauthn/keys/<int:pk>/", "/accounts/2fa/recovery-codes/"
    return {
        "/": [{}, {"by": "alice"}, {"by": "lena"}],
        "/accounts/2fa/": [{"by": "nora"}, {"by": "alice"}],
        f"{keys}remove/": [{"pk": key.pk, "by": "saul"}],
        f"{keys}edit/": [{"pk": key.pk, "by": "saul"}],
        "/accounts/2fa/totp/deactivate/": [{"by": "nora"}],
        codes: [{"by": "nora"}],
        f"{codes}generate/": [{"by": "nora"}],
        f"{codes}download/": [{"by": "nora"}],
    }


def _record(cast):
    alice, user = cast.people.alice, cast.users.alice
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    at = datetime(2023, 9, 1, tzinfo=UTC)
    Fact.objects.bulk_create([row_of(alice, fact, by=user, at=at) for fact in facts_in(record)])
    Person.objects.filter(pk=alice.pk).update(revision=1, birth_year=1968, sex="female")
    alice.refresh_from_db()
    poems = Concept((Coding("OPENPOEMS:poems-syndrome"),))
    enter(by=cast.users.pat, person=cast.people.dora, fact=Event("diagnosis", poems, on=PartialDate(2022, 3, 5)))
    keep(by=user, person=alice, form="add/result/vegf", fields={"value": "96"})
    refresh([alice.pk, cast.people.dora.pk], DAY)
    look_again(Person.objects.filter(centre=cast.centres.northtown))
    ask(by=cast.users.lena, centre=cast.centres.northtown, kind=Job.Kind.EXPORT)
    vegf, sign = alice.facts.filter(about="vegf").first(), alice.facts.filter(kind="feature").first()
    one, fact, both = "/people/<pseudonym>/", "/people/<pseudonym>/facts/<int:pk>/", ({"by": "alice"}, {"by": "nora"})
    return {
        **{f"{one}{page}": both for page in ("", "review/", "answers/", "course/")},
        "/people/<pseudonym>/all/<slug:kind>/": [{"kind": "measurement", "?": "about=vegf"}],
        "/people/<pseudonym>/add/<slug:kind>/": [
            {"kind": kind} for kind in ("feature", "treatment", "transplant", "radiotherapy", "procedure")
        ],
        "/people/<pseudonym>/add/<slug:kind>/<slug:of>/": [
            {"kind": kind, "of": of} for kind, of in (("result", "vegf"), ("score", "onls"), ("event", "diagnosis"))
        ],
        fact: [{"pk": vegf.pk}, {"pk": vegf.pk, "by": "nora"}],
        f"{fact}correct/": [{"pk": vegf.pk}, {"pk": sign.pk}],
        f"{fact}take-back/": [{"pk": vegf.pk}],
    }


def _sharing(cast):
    alice, user = cast.people.alice, cast.users.alice
    make_link(by=user, person=alice, for_whom="my new neurologist")
    make_key(by=user, name="My watch", scopes=["view-record"], days=90)
    invite(by=user, email="carer@example.org", role="proxy", site="", person=alice)
    invite(by=cast.users.lena, email="new@example.org", role="clinician", site="", centre=cast.centres.northtown)
    invite(by=cast.users.adam, email="lead@example.org", role="researcher", site="")
    secret = mail.outbox[-1].body.split("/invitations/")[1].split("/")[0] if mail.outbox else "used"
    return {
        "/letter/<token>/": [{"token": "closed"}],
        "/people/<pseudonym>/data/<form>/": [{"form": form} for form in FORMS],
        "/invitations/<secret>/": [{"secret": secret}, {"secret": "used"}],
        "/centres/<slug>/paper-consent/<number>/": [
            {"number": add_person(by=cast.users.nora, centre=cast.centres.northtown).pk}
        ],
    }


def _imports(cast):
    centre, nora = cast.centres.northtown, cast.users.nora
    source = sources.read("results.tsv", SOURCE.encode(), Told())
    mine = previews.preview_for_person(by=cast.users.alice, person=cast.people.alice, source=source, said_by="patient")
    theirs = sources.read("centre.tsv", _of_several(SOURCE).encode(), Told())
    several = previews.preview_for_centre(by=nora, centre=centre, source=theirs, said_by="abstractor")
    mapping = mappings.begin(by=nora, centre=centre, name="POEMS study", fields=read_dictionary(DICTIONARY))
    return {
        "/people/<pseudonym>/imports/<int:number>/": [{"number": mine.pk}],
        "/centres/<slug>/imports/<int:number>/": [{"number": several.pk}],
        "/centres/<slug>/mappings/<int:number>/": [{"number": mapping.pk}],
    }


def _of_several(table):
    head, *lines = table.splitlines()
    return "\n".join([f"Patient\t{head}", *(f"N-{number}\t{line}" for number, line in enumerate(lines))])


def _answers(cast, now):
    editor, reviewer = cast.users.editor, cast.users.reviewer
    bring(at=now - timedelta(days=30))
    told = {"name": "Rhea Roe", "profession": "neurologist", "organisation": "Northtown Clinic", "proof": "a page"}
    Reviewer.objects.create(user=reviewer, **told, told=now, verified=now, verified_by=cast.users.adam, invented=True)
    for name in ("eyes", "transplantation"):
        take_step(by=editor, answer=Answer.objects.get(name=name), step="send", at=now)
    eyes = review(by=reviewer, answer=Answer.objects.get(name="eyes"), step="approve", at=now)
    remark = say(by=None, version=eyes.public, kind=Remark.Kind.UNCLEAR, words="What is it?", at=now, whence="test")
    translation = translate(by=editor, answer=eyes, language="es", words=in_spanish(read(eyes.public.document)), at=now)
    rows = {kind: next(iter(shelf_in(kind, "en").rows)).id for kind in SHELVES}
    both = [{"name": "eyes"}, {"name": "transplantation"}]
    languages = [code for code, _ in settings.LANGUAGES if code != "en"]
    return {
        "/answers/<slug:name>/": both,
        "/answers/<slug:name>/history/": [{"name": "eyes"}],
        "/answers/<slug:name>/remark/": [{"name": "eyes"}],
        "/answers/remarks/<str:token>/": [{"token": remark.token}],
        "/search/": [{"?": "q=wheelchair"}],
        "/desk/answers/<str:name>/": both,
        "/desk/answers/<str:name>/edit/": [{"name": "eyes"}],
        "/desk/answers/<str:name>/translate/<str:language>/": [{"name": "eyes", "language": one} for one in languages],
        "/desk/translations/<int:number>/": [{"number": translation.pk}],
        "/library/<slug:kind>.csv": [{"kind": "cohorts"}],
        "/library/<slug:kind>/": [{"kind": kind} for kind in SHELVES],
        "/library/<slug:kind>/<str:row>/": [{"kind": kind, "row": row} for kind, row in rows.items()],
    }


def _community(cast, now):
    before = now - timedelta(days=60)
    one, other = (
        Member.objects.create(
            user=user,
            role="affected",
            name=name,
            country="PT",
            about=LONG,
            joined=before,
            shown=["country", "role", "about"],
        )
        for user, name in ((cast.users.alice, "Marrow Sparrow"), (cast.users.chloe, "Slow Walker"))
    )
    states = {state: _story(one, state, now) for state in ("draft", "waiting", "published")}
    taken = _story(other, "claimed", now, claimed_by=cast.users.mona, claimed_until=now + timedelta(hours=1))
    compare(by=one.user, member=one, today=DAY)
    wish(by=one.user, member=one)
    meeting = Meeting.objects.create(asked=one, agreed=other, at=now)
    Message.objects.create(meeting=meeting, by=other, at=now, text=LONG)
    complaint = complain(by=one.user, member=one, meeting=meeting, why=LONG)
    outcome = Outcome.objects.create(kind="study", title="A study", says=LONG, result=LONG, on=DAY, changed=now)
    story, draft = "/community/stories/<uuid:number>/", {"number": states["draft"].public_id}
    pages = [(it.id, n + 1) for it in questionnaires().values() for n in range(len(it.pages))]
    return {
        "/community/members/<uuid:other>/": [{"other": other.public_id}],
        story: [{"number": states["published"].public_id}],
        f"{story}way/": [{"number": states["published"].public_id}],
        f"{story}write/<slug:step>/": [{**draft, "step": step} for step in WRITING],
        **{f"{story}{rest}": [{**draft, "step": "look", "deed": "submit"}] for rest in _ONLY_SENT},
        "/community/moderation/<uuid:number>/": [
            {"number": one.public_id, "by": "mona"} for one in (taken, states["waiting"])
        ],
        "/community/moderation/conversations/<int:number>/": [{"number": complaint.pk, "by": "mona"}],
        "/community/moderation/": [{"by": "mona"}, {"by": "adam"}],
        "/community/outcomes/<int:number>/": [{"number": outcome.pk}],
        "/people/<pseudonym>/make-it-count/<slug:name>/<int:number>/": [{"name": n, "number": p} for n, p in pages],
        "/community/like-me/meetings/<int:number>/": [{"number": meeting.pk}],
    }


# Of a story of one's own: what is only sent to.
_ONLY_SENT = ("send/", "keep/<slug:step>/", "<slug:deed>/")


def _story(member, state, now, **more):
    words = {"title": f"A story that is {state}", "happened": LONG * 5, "difference": LONG, "flags": ",body,"}
    published = now if state == "published" else None
    return Story.objects.create(
        member=member, state=state, audience="public", begun=now, changed=now, published=published, **words, **more
    )
