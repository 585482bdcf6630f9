"""Reading the bytes of an input file, within bounds, with a sentence for each way it can fail."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import BinaryIO, NoReturn

from advisor.document.diagnostics import Diagnostic, quoted
from advisor.errors import InputError

MAX_BYTES = 1024 * 1024
"""What a workload file may weigh unless the caller says otherwise: 1 MiB."""
_CHUNK = 1 << 20
_STDIN = "<stdin>"


def read_bytes(path: str, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file, or of standard input for ``-``.

    Raises InputError when there is no such file, when it is a directory, a device or a pipe, when
    it may not be read, and when it holds more than ``max_bytes``. Never reads more than that.
    """
    if path == "-":
        return _read_standard_input(max_bytes)
    descriptor = _open(path)
    try:
        if os.fstat(descriptor).st_size > max_bytes:
            _refuse_size(path, max_bytes)
        content = _take(descriptor, max_bytes + 1)
    except OSError as error:
        _refuse_open(path, error)
    finally:
        os.close(descriptor)
    if len(content) > max_bytes:
        _refuse_size(path, max_bytes)
    return content


def open_file(path: str) -> BinaryIO:
    """Open a regular file that is too large to be read at once; its user bounds what is read.

    Raises InputError as ``read_bytes`` does.
    """
    return os.fdopen(_open(path), "rb")


def _open(path: str) -> int:
    # A pipe would block the open until somebody writes to it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        _refuse_open(path, error)
    try:
        _check_kind(path, os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _take(descriptor: int, most: int) -> bytes:
    # The size that the system states may be outdated, and is 0 under /proc.
    parts = []
    while most > 0 and (part := os.read(descriptor, min(most, _CHUNK))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _read_standard_input(max_bytes: int) -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        _refuse(_STDIN, "unreadable-file", "standard input is closed", "name a file instead")
    try:
        content = sys.stdin.buffer.read(max_bytes + 1)
    except OSError as error:
        _refuse_open(_STDIN, error)
    if len(content) > max_bytes:
        _refuse_size(_STDIN, max_bytes)
    return content


def _check_kind(path: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        _refuse_directory(path)
    if not stat.S_ISREG(mode):
        _refuse_special(path)


def _refuse_open(path: str, error: OSError | ValueError) -> NoReturn:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOENT, errno.ENOTDIR):
        _refuse(
            path,
            "file-not-found",
            f"there is no file {quoted(path)}",
            "check the path, or write a starter file with `advisor init`",
        )
    if number == errno.EISDIR or (number == errno.EACCES and os.path.isdir(path)):  # noqa: PTH112 - the path may be no path at all
        _refuse_directory(path)
    if number in (errno.EACCES, errno.EPERM):
        _refuse(
            path,
            "permission-denied",
            f"you may not read {quoted(path)}",
            "ask for the right to read it, or name another file",
        )
    if number == errno.ENXIO:
        _refuse_special(path)
    reason = os.strerror(number) if number is not None else "this cannot be the path of a file"
    _refuse(path, "unreadable-file", f"{quoted(path)} cannot be read: {reason}", "name a file")


def _refuse_directory(path: str) -> NoReturn:
    _refuse(
        path,
        "is-a-directory",
        f"{quoted(path)} is a directory",
        "name a file in it",
    )


def _refuse_special(path: str) -> NoReturn:
    _refuse(
        path,
        "not-a-regular-file",
        f"{quoted(path)} is a device, a pipe or a socket",
        "name a regular file, or `-` to read standard input",
    )


def _refuse_size(path: str, max_bytes: int) -> NoReturn:
    _refuse(
        path,
        "file-too-large",
        f"this holds more than {max_bytes:,} bytes",
        "is it the right file?",
    )


def _refuse(path: str, code: str, message: str, advice: str) -> NoReturn:
    # The error of the operating system says nothing that the diagnostic leaves out.
    raise InputError([Diagnostic(code=code, message=message, help=advice, file=path)]) from None
