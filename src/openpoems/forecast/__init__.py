"""The risk of relapse of one person: where the course that is told and the model that was learned meet."""
