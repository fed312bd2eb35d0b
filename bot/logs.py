"""How logs are written: one JSON object a line, on standard error.

Invariant: of an exception its kind and its place, never its words, for they may quote what a patient wrote.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

_ALWAYS_THERE = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
DEEPEST = 12
_QUIET = {
    # Their lines for each request hold its address, and a bot's address holds its token.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    # A tick that is skipped while the one before still runs is as it should be.
    "apscheduler": logging.ERROR,
}
"""Libraries that never say less important things than these, whatever the rest of the process says."""


class JsonLines(logging.Formatter):
    """Writes a record as JSON: when, how bad, where from, what, and the values it was given by name."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage().strip(),
        }
        line |= {name: str(value) for name, value in vars(record).items() if name not in _ALWAYS_THERE}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def write_logs(*, own: int = logging.WARNING) -> None:
    """Send warnings and worse of the whole process to standard error, a JSON object a line.

    own: from which level on what recare itself says is sent, too.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(own)
    for library, level in _QUIET.items():
        logging.getLogger(library).setLevel(level)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
