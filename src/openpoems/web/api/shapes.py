"""The forms in which the interface answers; OpenAPI describes them from here."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Path, Query, Schema

Pseudonym = Annotated[str, Path(description="the pseudonym of the record", example="7K3M-Q9TD-04XN")]
Slug = Annotated[str, Path(description="the centre's short name, as `me` lists it", example="northtown")]
PageNumber = Annotated[int, Query(ge=1, le=100_000, description="which page, from 1")]
PageSize = Annotated[int, Query(ge=1, le=500, description="how many entries on a page")]
Kind = Literal["feature", "measurement", "treatment", "procedure", "event"]


class Tied(Schema):
    """A record that the account acts for."""

    pseudonym: str
    kind: Literal["self", "proxy"]


class Member(Schema):
    """A role of the account; `centre` is empty where the role is of the whole site."""

    role: str
    centre: str
    name: str


class Me(Schema):
    """The account, and what a program may do with this key."""

    account: str = Field(description="the public id of the account, as the log names it")
    records: list[Tied]
    roles: list[Member]
    scopes: list[str] = Field(description="the rights that this key, or the session, may use")


class Record(Schema):
    """What a record says of the person as such, without who it is."""

    pseudonym: str
    sex: str
    birth_year: int | None
    status: str
    last_seen: str = Field(description="a date that may lack its day or month")
    centre: str = Field(description="the short name of the centre; empty where there is none")
    revision: int = Field(description="grows with every change of the record")
    facts: int = Field(description="how many facts count")


class Identity(Schema):
    """Who a person is; empty where it was not given."""

    name: str
    birth: str
    email: str
    phone: str
    address: str
    local_number: str = Field(description="the centre's own number for the person; told to its staff alone")


class OneFact(Schema):
    """A fact that counts, as the record holds it: `document` has the fields of the record's own values."""

    id: int
    kind: Kind
    about: str
    first_day: date | None
    last_day: date | None
    entered: datetime
    verified: datetime | None
    document: dict[str, Any]


class Facts(Schema):
    """A page of facts, in the order of their days."""

    count: int
    page: int
    pages: int
    facts: list[OneFact]


class Course(Schema):
    """Results that may be compared, series by series; never joined across specimens, laboratories or assays."""

    as_of: date
    series: list[dict[str, Any]]


class Decision(Schema):
    """The latest decision on a purpose; `counts` says whether the agreement stands now."""

    purpose: str
    title: str
    given: bool | None
    counts: bool
    document: str
    at: datetime | None


class Consents(Schema):
    """What the person agreed to."""

    document: str = Field(description="the version of the document that is agreed to today")
    decisions: list[Decision]


class OneAccess(Schema):
    """What one account did with the record on one day."""

    who: str
    role: str
    day: date
    first: datetime
    last: datetime
    read: list[str]
    changed: list[str]


class Accesses(Schema):
    """Who opened the record."""

    accesses: list[OneAccess]


class PersonLine(Schema):
    """One person of a centre's list; `name` and `number` are empty for whoever may not see identities."""

    pseudonym: str
    sex: str
    birth_year: int | None
    status: str
    name: str
    number: str
    diagnosed: date | None
    last_visit: date | None
    vegf: str
    vegf_day: date | None
    unverified: int
    conflicts: int
    doubts: int


class People(Schema):
    """A page of a centre's people: those who agreed that it sees their records."""

    count: int
    page: int
    pages: int
    people: list[PersonLine]


class Sent(Schema):
    """What was sent waits on `page`: nothing of it counts before a person accepts it there."""

    state: Literal["previewed"]
    page: str
    entries: int
    new: int
    same: int
    conflicts: int
    issues: list[dict[str, str]]
