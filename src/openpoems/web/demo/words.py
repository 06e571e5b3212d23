"""What the demo says on the terminal."""

from django.conf import settings

from openpoems.web.demo.accounts import accounts

_COLUMNS = ("role", "centre", "e-mail", "password", "code")


def account_table() -> str:
    """The accounts as lines of text, with the codes of this half minute."""
    rows = [(a.role, a.centre or "-", a.email, a.password, a.code or "none asked") for a in accounts()]
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    lines = ("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)) for row in (_COLUMNS, *rows))
    return "\n".join(line.rstrip() for line in lines)


def where(port: int) -> str:
    """The accounts, and where to use them."""
    return (
        f"\n{account_table()}\n\n"
        f"A code holds for half a minute. The next ones: `make demo-codes`, or http://localhost:{port}/demo/\n"
        "No mail is sent: what a mail would say, like the code for a new account, is printed here.\n"
        f"Everybody is invented. To begin anew, remove {settings.DATA_DIR}.\n\n"
        f"http://localhost:{port}/   (Ctrl-C ends it)\n"
    )
