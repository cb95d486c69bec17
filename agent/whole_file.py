"""Writes a file that is there whole or not at all."""

import os
import tempfile
from pathlib import Path

from agent.home import HomeError


def write_whole(file: Path, text: str) -> None:
    """Write UTF-8 by a temporary file beside it and a rename, making its folder; raises HomeError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=file.parent, prefix=".", suffix=".part", delete=False
        ) as part:
            try:
                part.write(text)
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).chmod(0o644)  # a temporary file is for its owner alone
                Path(part.name).replace(file)
            except BaseException:  # Ctrl-C too: half a file is worse than none
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise HomeError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error
