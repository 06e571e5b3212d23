"""What the template `relapse.html` needs: the rules and a model side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpoems.forecast.relapse import Forecast, IfNext, if_next, next_values
from openpoems.reports import course_words, forecast_words
from openpoems.response.respond import ResponseAssessment


@dataclass(frozen=True, slots=True, repr=False)
class RelapsePage:
    """A course and the forecasts made of it, each with what the next value would change."""

    course: ResponseAssessment
    told: tuple[tuple[Forecast, tuple[IfNext, ...]], ...]
    words: object = course_words
    risks: object = forecast_words

    def __repr__(self) -> str:
        return "<RelapsePage>"


def relapse_page(course: ResponseAssessment, made: Sequence[Forecast]) -> RelapsePage | None:
    """The page's section on relapse; None where there is no course to tell."""
    if not course.tells:
        return None
    return RelapsePage(course, tuple((each, if_next(each, next_values(each))) for each in made))
