"""What members write, made safe to show: nothing is lost that anybody could read."""

import re
import unicodedata

# Signs that turn the direction of what follows, and let a text read otherwise than it is stored.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
# Signs that take no room and join nothing: a text could hide in them, or a name be another's twin. What joins emoji and
# letters (200C, 200D) and what tells the direction of a single sign (200E, 200F) stays.
_UNSEEN = {0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2065), 0xFEFF, *range(0xFFF9, 0xFFFC)}
# Tags stand in the flags of England, Scotland and Wales, and nowhere else.
_TAGS = re.compile("(?<![\U0001f3f4\U000e0000-\U000e007f])[\U000e0000-\U000e007f]+")
_KEPT = "\n\t"
# Letters and symbols that are drawn as nothing.
_BLANK = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0}


def cleaned(text: str) -> str:
    r"""The text in one normal form, without control signs, half signs, and signs that are unseen or turn it around.

    >>> cleaned("a\u202eb\x00c\u200b\r\nd")
    'abc\nd'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in plain if ord(sign) not in _TURNING and _readable(sign))
    return unicodedata.normalize("NFC", _TAGS.sub("", kept))


def says_something(text: str) -> bool:
    r"""Whether there is anything to see in a text.

    >>> says_something("\u200d \u3164"), says_something("!")
    (False, True)
    """
    return any(unicodedata.category(sign)[0] in "LNPS" and ord(sign) not in _BLANK for sign in text)


def _readable(sign: str) -> bool:
    return sign in _KEPT or (ord(sign) not in _UNSEEN and unicodedata.category(sign) not in ("Cc", "Cs"))
