"""The rows of the community. They know an account; only what is counted or answered of a record knows a person."""

from openpoems.web.community.models.answers import Outcome, Rhythm, Round
from openpoems.web.community.models.counting import Cell, Counted, Release
from openpoems.web.community.models.meetings import Compared, Complaint, Deed, Meeting, Message, Wish
from openpoems.web.community.models.members import Alert, Block, Member, ProfileRead
from openpoems.web.community.models.stories import Story, StoryReport, StoryStep

__all__ = [
    "Alert",
    "Block",
    "Cell",
    "Compared",
    "Complaint",
    "Counted",
    "Deed",
    "Meeting",
    "Member",
    "Message",
    "Outcome",
    "ProfileRead",
    "Release",
    "Rhythm",
    "Round",
    "Story",
    "StoryReport",
    "StoryStep",
    "Wish",
]
