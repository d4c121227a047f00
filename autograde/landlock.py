"""Landlock: the kernel's own list of what a process may do to files, however they are mounted (Linux 5.13 and later)."""

import contextlib
import ctypes
import os
import struct
from collections.abc import Sequence
from pathlib import Path

from autograde import libc

# The same numbers on every machine, and the flags of <linux/landlock.h>.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_ON_A_FILE = _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV


def version() -> int:
    """Which version of Landlock the kernel has; 0 without any."""
    with contextlib.suppress(OSError):
        return libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    return 0


def restrict(writable: Sequence[Path]) -> bool:
    """From now on let this process read all it sees, but write only beneath writable, and use no TCP.

    Needs no_new_privs. False, with nothing changed, where the kernel has no Landlock. Raises OSError.
    """
    has = version()
    if not has:
        return False
    # Version 2 added moving between folders, 3 truncating, 5 ioctl on devices: ask only for what the kernel knows.
    every = (1 << (13 if has < 2 else 14 if has < 3 else 15 if has < 5 else 16)) - 1
    attributes = struct.pack("Q", every)
    if has >= 4:
        attributes += struct.pack("Q", 0b11)  # TCP: bind, connect
    if has >= 6:
        attributes += struct.pack("Q", 0b11)  # abstract sockets and signals across the border
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.c_char_p(attributes), len(attributes), 0)
    try:
        _allow(ruleset, Path("/"), _READ)
        for path in writable:
            _allow(ruleset, path, every if path.is_dir() else every & _ON_A_FILE)
        libc.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, path: Path, rights: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, folder)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(folder)
