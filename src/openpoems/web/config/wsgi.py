"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from openpoems.web.config.checks import refuse_a_faulty_site

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpoems.web.config.settings")
application = get_wsgi_application()
refuse_a_faulty_site()
