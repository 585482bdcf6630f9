"""The lines of a trace file, plain or gzip, read as they are needed and within bounds."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from msgspec.structs import replace

from advisor.document.diagnostics import Diagnostic, Position
from advisor.document.source import open_file
from advisor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_LINE = 4096
_MOST_BYTES = 1 << 36
_HARMLESS_BYTES = 1 << 26
_LARGEST_RATIO = 200
"""Real traces shrink to a tenth; what grows 200-fold beyond 64 MiB was made to fill a disk."""

_GZIP = b"\x1f\x8b"


class Lines:
    """Numbers and texts of the lines of a file that hold something.

    Raises InputError for what is no regular file or no whole gzip file, for lines over 4,096 bytes,
    and for a compressed file that grows without end.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._raw = open_file(path)
        except InputError as error:
            help_ = "name a CSV file, plain or gzip"
            raise InputError([replace(each, help=help_) for each in error.diagnostics]) from None
        self.size = os.fstat(self._raw.fileno()).st_size
        """Bytes of the file as it is stored."""
        self._compressed = self._raw.read(len(_GZIP)) == _GZIP
        self._raw.seek(0)
        self._file: BinaryIO | io.BufferedReader = self._raw
        if self._compressed:
            self._file = io.BufferedReader(gzip.GzipFile(fileobj=self._raw), 1 << 17)

    @property
    def bytes_read(self) -> int:
        """Bytes of the stored file that were read so far."""
        return self._raw.tell()

    def close(self) -> None:
        self._raw.close()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        read = 0
        checked = _HARMLESS_BYTES
        number = 0
        while line := self._line():
            number += 1
            read += len(line)
            if len(line) > _LONGEST_LINE:
                refuse(
                    self.path,
                    "not-a-trace",
                    f"a line is longer than {_LONGEST_LINE:,} bytes; this is not a trace",
                    help_="a trace has a line of text for each request or each minute",
                    line=number,
                )
            if read > checked:
                self._check_size(read)
                checked = read + _HARMLESS_BYTES
            text = line.decode("utf-8", "replace").strip("\ufeff \t\r\n")
            if text:
                yield number, text

    def _line(self) -> bytes:
        try:
            return self._file.readline(_LONGEST_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            refuse(
                self.path,
                "broken-gzip",
                f"this is not a whole gzip file: {error}",
                help_="check it with `gzip -t`, and copy it again",
            )
        except OSError as error:
            refuse(
                self.path,
                "unreadable-file",
                f"this file cannot be read: {error.strerror}",
                help_="copy it to another disk",
            )

    def _check_size(self, read: int) -> None:
        if read > _MOST_BYTES:
            refuse(
                self.path,
                "file-too-large",
                f"it holds more than {_MOST_BYTES >> 30} GiB of text",
                help_="cut it into parts, or count its requests by the minute",
            )
        if self._compressed and read > _LARGEST_RATIO * self.size:
            refuse(
                self.path,
                "file-too-large",
                f"it is more than {_LARGEST_RATIO} times as large unpacked",
                help_="unpack it yourself if you trust it",
            )


def refuse(path: str, code: str, message: str, *, help_: str, line: int | None = None) -> NoReturn:
    """Raise InputError for a trace, or for one of its lines."""
    position = None if line is None else Position(line, 1)
    raise InputError(
        [Diagnostic(code=code, message=message, file=path, help=help_, position=position)]
    )
