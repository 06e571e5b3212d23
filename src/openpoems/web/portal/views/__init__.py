"""The front pages, consent, carers, and who belongs to a centre and to the site."""
