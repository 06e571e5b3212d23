"""Pseudonyms: drawn from the system's cryptographic source, easy to read aloud and to type."""

import secrets

# Crockford's base 32: no I, L, O or U, so that nothing is mistaken for another sign and no word comes out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _SIGNS = 3, 4


def new_pseudonym() -> str:
    """A pseudonym of 60 random bits, such as `7K3M-Q9TD-04XN`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_SIGNS)) for _ in range(_GROUPS))
