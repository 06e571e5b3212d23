import json

import pytest
from hypothesis import given

from openpoems.web.registry.documents import BadDocument, digest_of, from_document, kind_of, to_document
from openpoems.web.registry.store import facts_in
from tests.generative.records import records


@given(records())
def test_a_fact_comes_back_from_its_document_as_it_was(record):
    for fact in facts_in(record):
        stored = json.loads(json.dumps(to_document(fact)))
        assert from_document(kind_of(fact), stored) == fact
        assert digest_of(from_document(kind_of(fact), stored)) == digest_of(fact)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"concept": {}, "excluded": "no"},
        {"concept": {"text": 3}},
        {"concept": {}, "surprise": 1},
        {"concept": {}, "on": "soon"},
    ],
)
def test_what_is_no_fact_is_refused_without_its_content(document):
    with pytest.raises(BadDocument) as refused:
        from_document("feature", document)
    assert "soon" not in str(refused.value)
