"""Response over time: honest series of one measure, response per axis, relapse and progression, simple alarms."""
