"""How fast records are assessed. Run: .venv/bin/python benchmarks/assess.py [PACKETS]

Prints one line per figure with what it must reach (docs/reference/speed.md keeps the last ones). Times are the best of
several rounds in one process, since the machine's load comes and goes; the floor beside the throughput (decoding the
same files and nothing else) tells a slow machine from slow code.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import expand, load, read_source
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Feature, Measurement, PartialDate, PatientRecord, ReferenceRange
from openpoems.reports.document import diagnosis_document, encode

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
COURSE = CASES.parent.parent / "examples" / "course.csv"
DAY, RISING = date(2026, 1, 1), date(2023, 9, 5)
# The share of statements a packet drops, and of features that are excluded.
DROPPED, EXCLUDED = 0.15, 0.3


def main() -> None:
    """Measure everything."""
    packets = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    one_record()
    told_a_risk()
    with tempfile.TemporaryDirectory() as folder:
        many_files(Path(folder), packets)
    started("openpoems --help", [str(Path(sys.executable).parent / "openpoems"), "--help"], 150)
    started("import openpoems", [sys.executable, "-c", "import openpoems"], 100)
    started("(python alone)", [sys.executable, "-c", ""], None)


def one_record() -> None:
    """One record with 500 entries, assessed by all editions and encoded."""
    record = large_record(500)

    def work() -> None:
        msgspec.json.encode(diagnosis_document(assess(record, knowledge(), DAY, today=DAY), knowledge()))

    def with_course() -> None:
        encode(assess(record, knowledge(), DAY, today=DAY), knowledge())

    work()
    with_course()
    show("one record of 500 entries, all editions, as JSON", best(work, 20) * 1000, "ms", "at most 5 ms")
    show("  the same with its course of treatment", best(with_course, 20) * 1000, "ms", None)


def told_a_risk() -> None:
    """The invented course of the examples on a day on which the model tells its risk, as JSON."""
    [(record, _)] = read_source(COURSE, COURSE.read_bytes(), form=None)

    def work() -> None:
        encode(assess(record, knowledge(), RISING, today=RISING), knowledge())

    work()
    show("a course of 17 values with its risk of relapse", best(work, 20) * 1000, "ms", None)


def many_files(folder: Path, packets: int) -> None:
    """Packets read from files, assessed by all editions and encoded, one core."""
    write_packets(folder, packets)
    paths = list(expand([str(folder)]))

    def floor() -> None:
        for path in paths:
            msgspec.json.decode(path.read_bytes())

    def work() -> None:
        for path in paths:
            for record, issues in read_source(path, load(path), form=None):
                encode(assess(record, knowledge(), DAY, today=DAY, issues=issues), knowledge())

    decoding = best(floor, 3)
    work()
    before = peak_mb()
    seconds = best(work, 3)
    show(f"{packets} phenopackets from files, all editions, as JSON", packets / seconds, "/s", "at least 1500 /s")
    show("  the floor: decoding the same files", packets / decoding, "/s", None)
    show("  memory gained by going over them again", peak_mb() - before, "MB", "flat")


def write_packets(folder: Path, packets: int) -> None:
    """Vary the published cases: each packet drops some of its statements, so that patterns differ."""
    draw = random.Random(7)  # noqa: S311 - a benchmark's variation, not a secret
    cases = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json"))]
    for number in range(packets):
        packet = dict(draw.choice(cases))
        packet["id"] = packet["subject"]["id"] = f"p{number}"
        packet["phenotypicFeatures"] = [f for f in packet["phenotypicFeatures"] if draw.random() > DROPPED]
        (folder / f"p{number}.json").write_text(json.dumps(packet), encoding="utf-8")


def large_record(entries: int) -> PatientRecord:
    """A record of half features, half results with ranges, over years."""
    draw = random.Random(7)  # noqa: S311 - a benchmark's variation, not a secret
    codes = [code for code in knowledge().index.shows if code.startswith("HP:")]
    features = tuple(
        Feature(Concept((Coding(draw.choice(codes)),)), excluded=draw.random() < EXCLUDED, on=day(draw))
        for _ in range(entries // 2)
    )
    loinc = [code for code in knowledge().index.measures if code.startswith("LOINC:")]
    results = tuple(
        Measurement(
            Concept((Coding(draw.choice(loinc)),)),
            Quantity(round(draw.uniform(1, 900), 1), "pg/mL"),
            specimen="serum",
            reference=ReferenceRange(high=Quantity(100, "pg/mL")),
            on=day(draw),
        )
        for _ in range(entries - entries // 2)
    )
    return PatientRecord("p", "male", PartialDate(1960), None, features, results)


def day(draw: random.Random) -> PartialDate:
    """A day of some year."""
    return PartialDate(draw.randint(2015, 2025), draw.randint(1, 12), draw.randint(1, 28))


def started(name: str, command: list[str], limit_ms: int | None) -> None:
    """The time to start a program and end it."""
    seconds = best(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 7)
    show(name, seconds * 1000, "ms", f"at most {limit_ms} ms" if limit_ms else None)


def best(work: Callable[[], object], rounds: int) -> float:
    """The shortest of several rounds, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_mb() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show(what: str, value: float, unit: str, wanted: str | None) -> None:
    """Print one figure."""
    print(f"{what:55} {value:10.1f} {unit:3} {'must: ' + wanted if wanted else ''}")


if __name__ == "__main__":
    main()
