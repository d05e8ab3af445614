"""Writes stored feeds to files that a proxy hands out by itself, once we have let the reader in."""

import os
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

ADDRESS = "/feed-files/"
"""Where the proxy has the files; only answers of ours lead there."""
KEPT = 2
"""How many states of a feed stay in each encoding: whoever was just sent to the one before must still find it."""
FOR_FILES, FOR_FOLDERS = 0o640, 0o750
"""The group may read: that of the proxy."""


class FeedFiles:
    """The files of one folder, in a folder for each row of stored bytes.

    Notes
    -----
    A file appears whole or not at all, and never changes: it is named by the digest of what it holds.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        return (self._folder / name).exists()

    def put(self, name: str, content: bytes, modified_at: datetime) -> None:
        """Write a file, and remove those that have had their time."""
        path = self._folder / name
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(path.parent.stat().st_mode | FOR_FOLDERS)  # keeps a bit that hands on the group
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(content)
        os.chmod(file.name, FOR_FILES)
        os.utime(file.name, (modified_at.timestamp(), modified_at.timestamp()))
        os.replace(file.name, path)
        _remove_old(path)


def file_name(bytes_id: int, etag: str, *, gzipped: bool) -> str:
    """Give the name of a file below the folder."""
    return f"{bytes_id}/{etag}.ics{'.gz' if gzipped else ''}"


def _remove_old(newest: Path) -> None:
    """Remove all but the last states of a feed in the encoding of the newest."""
    written = sorted(newest.parent.glob(f"[!.]*{newest.suffix}"), key=lambda path: path.stat().st_ctime_ns)
    for path in written[:-KEPT]:
        path.unlink(missing_ok=True)
