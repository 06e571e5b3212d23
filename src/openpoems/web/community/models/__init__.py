"""The rows of the community. They know an account; only what is counted of a record knows a person."""

from openpoems.web.community.models.counting import Cell, Counted, Release
from openpoems.web.community.models.members import Alert, Block, Member, ProfileRead
from openpoems.web.community.models.stories import Story, StoryReport, StoryStep

__all__ = ["Alert", "Block", "Cell", "Counted", "Member", "ProfileRead", "Release", "Story", "StoryReport", "StoryStep"]
