"""The Django application: settings as in production, on the database of BENCH_FLOOR_URL."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from sqlalchemy.engine import make_url

_url = make_url(os.environ["BENCH_FLOOR_URL"])
settings.configure(
    SECRET_KEY=os.environ["BENCH_SECRET"],
    INSTALLED_APPS=["bench.peer"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="bench.peer.views",
    USE_TZ=True,
    TIME_ZONE="Europe/Amsterdam",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    # Without DEBUG the loader keeps compiled templates.
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _url.database,
            "USER": _url.username,
            "PASSWORD": _url.password or "",
            "HOST": _url.host,
            "PORT": _url.port or "",
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()
application = get_wsgi_application()
