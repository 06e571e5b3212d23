import pytest
from django.utils.translation import override

from openpoems.record.time import Age, PartialDate, Span
from openpoems.web.registry.dates import read_when, when_words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", None),
        ("2021", PartialDate(2021)),
        ("2021-04", PartialDate(2021, 4)),
        ("2021-4-5", PartialDate(2021, 4, 5)),
        ("2021/04/15", PartialDate(2021, 4, 15)),
        ("04/2021", PartialDate(2021, 4)),
        ("15/04/2021", PartialDate(2021, 4, 15)),
        ("04/15/2021", PartialDate(2021, 4, 15)),
        ("15.4.2021", PartialDate(2021, 4, 15)),
        ("4.4.2021", PartialDate(2021, 4, 4)),
        ("15 April 2021", PartialDate(2021, 4, 15)),
        ("Apr 5, 2021", PartialDate(2021, 4, 5)),
        ("sept 2021", PartialDate(2021, 9)),
        ("P52Y", Age(52)),
        ("2021..2022-03", Span(PartialDate(2021), PartialDate(2022, 3))),
    ],
)
def test_a_date_is_read_as_precisely_as_it_was_written(written, read):
    assert read_when(written) == read


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("05/04/2021", "5 April 2021 or the 4 May 2021"),
        ("2021-02-30", "no such day"),
        ("2021-13", "no such day"),
        ("2021-00", "no such day"),
        ("31/11/2021", "no such day"),
        ("15/04/21", "2021-04-15"),
        ("soon", "2021-04-15"),
        ("44301", "2021-04-15"),
        ("April May 2021", "2021-04-15"),
    ],
)
def test_what_may_mean_two_days_or_none_is_asked_about(written, why):
    with pytest.raises(ValueError, match=why):
        read_when(written)


def test_the_months_of_the_page_s_language_are_read_too():
    with override("es"):
        assert read_when("15 abril 2021") == PartialDate(2021, 4, 15)
        assert read_when("15 April 2021") == PartialDate(2021, 4, 15)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("when", [PartialDate(2021, 4, 15), PartialDate(2021, 4), PartialDate(2021)])
def test_a_date_is_read_back_as_the_page_writes_it(language, when):
    with override(language):
        assert read_when(when_words(when)) == when


def test_spanish_puts_its_words_between():
    with override("es"):
        assert when_words(PartialDate(2021, 4, 15)) == "15 de abril de 2021"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, ""),
        (PartialDate(2021), "2021"),
        (PartialDate(2021, 4), "April 2021"),
        (PartialDate(2021, 4, 15), "15 April 2021"),
        (Age(52, 3), "at the age of 52 years 3 months"),
        (Span(PartialDate(2021), None), "since 2021"),
        (Span(None, PartialDate(2021)), "until 2021"),
        (Span(PartialDate(2020), PartialDate(2021)), "2020 to 2021"),
    ],
)
def test_a_time_in_words_is_no_more_precise_than_it_is(when, words):
    assert when_words(when) == words
