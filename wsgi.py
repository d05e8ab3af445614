"""The WSGI entry point: ``wsgi:app``."""

import os

from config import read_config
from scheduler import create_app

app = create_app(read_config(os.environ))
