"""A synthetic registry to look at: invented people at three invented centres, and the published cases."""
