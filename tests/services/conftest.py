"""The pair of hospitals as a fixture."""

import pytest

from tests.services.pair import build_pair


@pytest.fixture
def pair(db_session):
    """Two hospitals and an empty roster for the week after now, committed."""
    return build_pair()
