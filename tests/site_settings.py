"""The site's settings for tests: plain http, mail kept in memory, quick passwords, keys of their own."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("OPENPOEMS_DEMO", "yes")
if "OPENPOEMS_DATA" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:  # each process has its own
    os.environ["OPENPOEMS_DATA"] = tempfile.mkdtemp(prefix="openpoems-test-")
    atexit.register(shutil.rmtree, os.environ["OPENPOEMS_DATA"], ignore_errors=True)
os.environ.setdefault("OPENPOEMS_TASKS_AT_ONCE", "yes")

from openpoems.web.config.settings import *  # noqa: F403
from openpoems.web.config.settings import DATA_DIR, DATABASES, STATIC_ROOT

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False  # a test that is about them switches them on

if os.environ.get("REQUIRE_POSTGRES") and "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise SystemExit("REQUIRE_POSTGRES is set and DATABASE_URL names no PostgreSQL server")
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, since a server's threads must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
