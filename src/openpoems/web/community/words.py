"""What members write, made safe to show: nothing is lost that anybody could read."""

import unicodedata

# Signs that turn the direction of what follows, and let a text read otherwise than it is stored.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_KEPT = "\n\t"


def cleaned(text: str) -> str:
    r"""The text in one normal form, without control signs, half signs and signs that turn its direction.

    >>> cleaned("a\u202eb\x00c\r\nd")
    'abc\nd'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in plain if ord(sign) not in _TURNING and _readable(sign))
    return unicodedata.normalize("NFC", "".join(kept))


def _readable(sign: str) -> bool:
    return sign in _KEPT or unicodedata.category(sign) not in ("Cc", "Cs")
