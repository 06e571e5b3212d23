"""Make `.venv` hold what this checkout needs: `python3 tools/bootstrap.py core|web|test`.

Uses the standard library only. Gets uv (the one on PATH when it is recent enough, else a private
one from the package index), makes `.venv`, installs `requirements/<name>.lock` with its hashes
checked and then the project itself, editable. Run again, it finds its stamp and does nothing. The set
`test` also needs a browser, which it installs from Debian as root.
"""

import argparse
import ast
import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:  # here, because an older Python stops at the annotations below
    sys.exit(
        "bootstrap: openpoems needs Python {}.{} or newer; this is Python {}. "
        "Name a newer one: make PYTHON=/path/to/python3 …".format(*OLDEST_PYTHON, sys.version.split()[0])
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
UV_HOME = ROOT / ".uv"
OLDEST_UV = (0, 13)
# A set of packages is also there when a larger one that holds it is.
HELD_BY = {"core": ("core", "web", "test"), "web": ("web", "test"), "test": ("test",)}
# uv does not read pip's settings: those that decide what can be reached are handed on. Not the
# extra indexes: uv would prefer them to the main one, which has every locked package.
PIP_TO_UV = {
    "index-url": ("UV_DEFAULT_INDEX",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
    "proxy": ("HTTP_PROXY", "HTTPS_PROXY"),
}


def say(sentence: str) -> None:
    """Print one step, at once, so that it stands before what the step itself prints."""
    print(f"bootstrap: {sentence}", flush=True)


def lock_path(name: str) -> Path:
    """Where the locked packages of one set are listed."""
    return ROOT / "requirements" / f"{name}.lock"


def pip_settings() -> dict[str, str]:
    """pip's own settings on this machine, the strongest source last read; none without pip."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    found: dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        pattern = rf"^{re.escape(section)}\.([a-z-]+)=(.+)$"
        for key, value in re.findall(pattern, listed.stdout, re.MULTILINE):
            found[key] = " ".join(str(ast.literal_eval(value)).split())
    return found


def has_system_certificates() -> bool:
    """Whether this machine keeps certificates that uv should trust in place of its own."""
    places = ssl.get_default_verify_paths()
    return bool(places.cafile or (places.capath and any(Path(places.capath).glob("*.0"))))


def uv_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: what was inherited, and pip's settings under uv's names.

    A variable that is already set wins. Byte code is written whatever the caller's habit: without
    it every later start is several times slower.
    """
    env = dict(inherited)
    for unwanted in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"):
        env.pop(unwanted, None)
    settings = pip_settings()
    for key, names in PIP_TO_UV.items():
        for name in names:
            if key in settings:
                env.setdefault(name, settings[key])
    if has_system_certificates():
        env.setdefault("UV_SYSTEM_CERTS", "true")
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    return env


def run(command: Sequence[str | Path], env: Mapping[str, str]) -> None:
    """Run one program from the checkout; end with a sentence when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=dict(env), check=False)
    if done.returncode:
        program = Path(command[0]).name
        sys.exit(f"bootstrap: {program} failed (exit {done.returncode}); its message is above.")


def version_of(uv: Path) -> tuple[int, ...]:
    """The version of a uv program; (0,) when it does not run."""
    try:
        told = subprocess.run([str(uv), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return (0,)
    number = re.search(r"(\d+)\.(\d+)", told.stdout)
    return tuple(int(part) for part in number.groups()) if number else (0,)


def uv_requirement() -> str:
    """uv's own entry in the test lock: its version and hashes."""
    lock = lock_path("test").read_text(encoding="utf-8")
    entry = re.search(r"^uv==.*(?:\n[ \t]+--hash.*)+", lock, re.MULTILINE)
    if entry is None:
        sys.exit("bootstrap: requirements/test.lock does not name uv; run `make lock`.")
    return entry.group(0) + "\n"


def find_uv(env: Mapping[str, str]) -> Path:
    """The uv to work with: on PATH, private from an earlier run, or installed privately now."""
    private = UV_HOME / ("Scripts" if os.name == "nt" else "bin") / "uv"
    on_path = shutil.which("uv", path=env.get("PATH"))
    for candidate in (Path(on_path) if on_path else private, private):
        if version_of(candidate) >= OLDEST_UV:
            return candidate
    say("getting uv into .uv")
    run([sys.executable, "-m", "venv", "--clear", UV_HOME], env)
    wanted = UV_HOME / "uv.txt"
    wanted.write_text(uv_requirement(), encoding="utf-8")
    pip_install = [str(private.with_name("python")), "-m", "pip", "install", "-qq"]
    run([*pip_install, "--require-hashes", "--no-deps", "-r", wanted], env)
    return private


def venv_python() -> Path:
    """The interpreter of `.venv`, there or not."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_path(name: str) -> Path:
    """Where it is written down that one set is installed."""
    return VENV / f"openpoems-{name}.stamp"


def stamp(name: str) -> str:
    """What an installed set depends on: its lock, project file, Python and place on the disk."""
    digest = hashlib.sha256()
    for part in (
        lock_path(name).read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        os.fsencode(ROOT),
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def is_ready(name: str) -> bool:
    """Whether `.venv` already holds this set, or a larger one."""
    return venv_python().exists() and any(
        stamp_path(held).is_file() and stamp_path(held).read_text("utf-8") == stamp(held) for held in HELD_BY[name]
    )


def make_venv(uv: Path, env: Mapping[str, str]) -> None:
    """Make `.venv` for the running Python, unless it already is one."""
    if venv_python().exists():
        ask = "import sys; print(sys.version)"
        told = subprocess.run([str(venv_python()), "-c", ask], capture_output=True, text=True, check=False)
        if told.stdout.strip() == sys.version:
            return
    say(f"making .venv for Python {sys.version.split()[0]}")
    run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], env)


def install(name: str) -> None:
    """Install one set of locked packages and the project into `.venv`, and write the stamp."""
    env = uv_environment(os.environ)
    uv = find_uv(env)
    make_venv(uv, env)
    into: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", venv_python()]
    say(f"installing requirements/{name}.lock")
    run([*into, "--require-hashes", "-r", lock_path(name)], env)
    say("installing openpoems itself, editable")
    run([*into, "--no-deps", "--editable", ROOT], env)
    stamp_path(name).write_text(stamp(name), encoding="utf-8")


def browser() -> None:
    """The browser that tests drive: Debian's chromium, installed where we may, else asked for in a sentence."""
    if shutil.which("chromium"):
        return
    apt, is_root = shutil.which("apt-get"), hasattr(os, "geteuid") and os.geteuid() == 0
    packages = ["chromium", "libatomic1"]  # Playwright's own node needs the second
    if not (apt and is_root):
        sys.exit(
            f"bootstrap: the tests drive a browser; ask for Debian's packages {' and '.join(packages)}, then again."
        )
    say(f"installing Debian's {' and '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([apt, "update", "-qq"], env)
    run([apt, "install", "-qq", "-y", "--no-install-recommends", *packages], env)


def main() -> None:
    """Read the command line and bring `.venv` to the wanted state."""
    parser = argparse.ArgumentParser(description="Set up .venv for openpoems.")
    parser.add_argument("name", choices=sorted(HELD_BY), help="which locked packages to install")
    name = parser.parse_args().name
    if name == "test":
        browser()
    if is_ready(name):
        say(f".venv already holds {name}")
        return
    install(name)
    say(f".venv holds {name}")


if __name__ == "__main__":
    main()
