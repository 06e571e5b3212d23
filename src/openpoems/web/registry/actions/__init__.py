"""Every change of the registry: `action(*, by, ...)` is one transaction, which the database's triggers log.

What must follow a change (a mail, a task) is left to `transaction.on_commit`. Actions trust that the gate asked for the
right; they check what the rows themselves demand, and raise `Refused` with a sentence for the person who asked.
"""

from openpoems.errors import OpenpoemsError


class Refused(OpenpoemsError):
    """A change that cannot be made as asked; the message says why and what can be done."""
