"""What the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
application = get_wsgi_application()
# What has been loaded stays: walking through it again and again made every hundredth page late.
gc.collect()
gc.freeze()
