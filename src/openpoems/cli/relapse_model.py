"""The option `--relapse-model`: a centre's own model of relapse in place of the one that ships."""

from pathlib import Path

import click

from openpoems.dynamics.learned import LearnedModel, read_learned
from openpoems.errors import UnreadableInput

MODEL_OPTION = click.option(
    "--relapse-model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A model that `openpoems dynamics fit` wrote. Default: the illustrative one that ships.",
)


def chosen_model(path: Path | None) -> LearnedModel | None:
    """The model of a file; None where none is named. Raises a usage error for a file that is not such a model."""
    if path is None:
        return None
    try:
        model = read_learned(path.read_text(encoding="utf-8"))
        if not model.learned.limits:
            raise UnreadableInput("the model file names no upper limits; fit it again with --limit ASSAY=VALUE")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not a text file in UTF-8"
        raise click.BadParameter(f"cannot be read: {reason}", param_hint="--relapse-model") from None
    except UnreadableInput as problem:
        raise click.BadParameter(str(problem), param_hint="--relapse-model") from None
    return model
