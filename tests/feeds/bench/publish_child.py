"""Publishes the prepared draft in a process of its own: ``python -m tests.feeds.bench.publish_child VERSION``.

It loads the app, says so, waits for a line, publishes, commits, and tells when (seconds of the machine's clock).
"""

import json
import os
import sys
import time

from config import read_config
from scheduler import clock, create_app
from scheduler.extensions import db, transaction
from scheduler.models import Account
from scheduler.queries.scopes import scope_of
from scheduler.services.publishing import publish

REASON = "Measured by the benchmark of feeds"


def main() -> None:
    """Publish version VERSION as the account that coordinates everywhere."""
    version_id = int(sys.argv[1])
    app = create_app(read_config(os.environ))
    with app.app_context():
        with transaction():
            actor = scope_of(db.session.get_one(Account, 1), clock.today())
        print("ready", flush=True)
        sys.stdin.readline()
        begun = time.monotonic()
        with transaction():
            publish(actor=actor, version_id=version_id, revision=1, reason=REASON)
            done = time.monotonic()
        print(json.dumps({"begun": begun, "done": done, "committed": time.monotonic()}), flush=True)


if __name__ == "__main__":
    main()
