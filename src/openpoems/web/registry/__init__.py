"""One record per person, entered once: facts and who said them, consent, identity apart, imports that can be undone."""
