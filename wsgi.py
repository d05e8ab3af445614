"""The WSGI entry point: ``wsgi:app``."""

import os

from config import Config
from scheduler import create_app

app = create_app(Config.from_environ(os.environ))
