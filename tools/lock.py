"""Write `requirements/*.lock` anew from `pyproject.toml`: `python3 tools/lock.py [--upgrade]`.

A lock holds names, versions and hashes, and no address: it installs from whatever index is at hand.
Without `--upgrade` a version stays as it is while `pyproject.toml` still allows it.
"""

import argparse
import os

import bootstrap

OLDEST_PYTHON = ".".join(map(str, bootstrap.OLDEST_PYTHON))
# Each lock and what is asked for; a later one is held to the versions of the earlier.
LOCKS = {
    "core": [],
    "web": ["--extra", "web", "--constraints", "requirements/core.lock"],
    "test": ["--extra", "web", "--group", "test", "--group", "dev", "--constraints", "requirements/web.lock"],
}
FORM = [
    *("--universal", "--python-version", OLDEST_PYTHON),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
]


def main() -> None:
    """Compile each lock in turn."""
    parser = argparse.ArgumentParser(description="Write requirements/*.lock anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    env = bootstrap.uv_environment(os.environ)
    uv = bootstrap.find_uv(env)
    for name, wanted in LOCKS.items():
        bootstrap.say(f"locking requirements/{name}.lock")
        output = ["--output-file", str(bootstrap.lock_path(name))]
        options = [*FORM, *wanted, *upgrade, *output]
        bootstrap.run([uv, "pip", "compile", "pyproject.toml", *options], env)


if __name__ == "__main__":
    main()
