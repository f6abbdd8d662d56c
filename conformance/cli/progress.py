"""A progress bar by bytes on standard error, when that is a terminal and the work is long enough to wait for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WORTH_BYTES = 8 * 1024 * 1024


@contextmanager
def byte_progress(title: str, total_bytes: int) -> Iterator[Callable[[int], None] | None]:
    """Gives what to call with each number of bytes done; None when no bar is shown.

    The bar is gone when the block ends.
    """
    if total_bytes < _WORTH_BYTES or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - loaded only for somebody who watches
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False)
    with bar:
        task = bar.add_task(title, total=total_bytes)
        yield lambda count: bar.advance(task, count)
