"""The community: members, their stories, a map, questionnaires whose answers count, and what came of them."""
