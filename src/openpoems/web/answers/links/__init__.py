"""Where the answers, the library, the centres and the trials lead: pages of our own, and those of others."""
