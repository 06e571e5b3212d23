"""Each import contract is seen to break: a copy of the package gets one import it must not have."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
}
TRESPASSES = [
    ("layers", "errors", "openpoems.logic"),
    ("layers", "logic", "openpoems.quantities"),
    ("layers", "disclosure", "openpoems.logic"),
    ("layers", "record", "openpoems.knowledge"),
    ("layers", "knowledge", "openpoems.record"),
    ("layers", "findings", "openpoems.criteria"),
    ("layers", "criteria", "openpoems.reports"),
    ("layers", "response", "openpoems.criteria"),
    ("layers", "response", "openpoems.reports"),
    ("layers", "response", "openpoems.dynamics"),
    ("layers", "dynamics", "openpoems.response"),
    ("layers", "dynamics", "openpoems.forecast"),
    ("layers", "forecast", "openpoems.reports"),
    ("layers", "reports", "openpoems.interchange"),
    ("layers", "interchange", "openpoems.web"),
    ("layers", "interchange", "openpoems.cli"),
    ("plain-core", "forecast", "numpy"),
    ("layers", "web", "openpoems.cli"),
    *(("plain-core", "findings", library) for library in ("django", "flwr", "ibis", "numpy", "pandas", "pydantic")),
    ("click-door", "reports", "click"),
    ("jinja2-door", "cli", "jinja2"),
    ("formats", "interchange.csv", "openpoems.interchange.fhir"),
    ("formats", "interchange.fhir", "openpoems.interchange.phenopackets"),
    ("formats", "interchange.phenopackets", "openpoems.interchange.csv"),
]


@pytest.fixture
def checkout(tmp_path):
    """The package's modules and the project file, to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "src" / "openpoems",
        tmp_path / "src" / "openpoems",
        ignore=lambda folder, names: [
            name for name in names if name == "__pycache__" or not (Path(folder, name).is_dir() or name.endswith(".py"))
        ],
    )
    return tmp_path


def lint(checkout: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [f"--contract={contract}" for contract in contracts]
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", *chosen],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src"), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def add_import(checkout: Path, module: str, imported: str) -> None:
    path = checkout / "src" / "openpoems" / module.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with path.open("a", encoding="utf-8") as lines:
        lines.write(f"\nimport {imported}\n")


def test_every_contract_holds_as_the_package_stands(checkout):
    done = lint(checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in CONTRACTS.values():
        assert f"{name} KEPT" in done.stdout


@pytest.mark.parametrize(("contract", "module", "imported"), TRESPASSES)
def test_a_forbidden_import_breaks_its_contract(checkout, contract, module, imported):
    add_import(checkout, module, imported)
    done = lint(checkout, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{CONTRACTS[contract]} BROKEN" in done.stdout


def test_a_package_without_a_layer_breaks_the_layers(checkout):
    (checkout / "src" / "openpoems" / "homeless.py").write_text('"""No layer names this."""\n')
    done = lint(checkout, "layers")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "openpoems.homeless" in done.stdout


def test_each_contract_is_broken_once_above():
    assert {contract for contract, _, _ in TRESPASSES} == set(CONTRACTS)
