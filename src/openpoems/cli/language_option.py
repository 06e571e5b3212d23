"""The option `--language`: in which language a command says what it found."""

import click

from openpoems.language import ENGLISH, languages, speaking


def _speak(context: click.Context, _option: click.Parameter, language: str) -> None:
    context.with_resource(speaking(language))


LANGUAGE_OPTION = click.option(
    "--language",
    type=click.Choice(languages()),
    default=ENGLISH,
    show_default=True,
    expose_value=False,
    callback=_speak,
    help="The language of sentences; codes, numbers and dates are the same in every one.",
)
