"""How a child process of root becomes an ordinary user who can still reach what lies below closed folders.

A capability rather than a user namespace, because containers usually forbid the latter; an *ambient* one,
because only that outlives ``exec`` without root.
"""

import ctypes
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4
CAPABILITY_VERSION_3 = 0x20080522


class Become(Protocol):
    """To be called in the child, between ``fork`` and ``exec``."""

    def __call__(self) -> None: ...


def ways_down(uid: int, gid: int, folder: Path) -> Iterator[Become]:
    """From the weakest: no capability, search and read anything, and what Docker gives instead, override any mode."""
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        yield partial(_become, uid, gid, capability, folder)


def _become(uid: int, gid: int, capability: int | None, folder: Path) -> None:
    """Give up root for good, keep at most one capability, and enter ``folder`` to prove that it suffices."""
    libc = ctypes.CDLL(None, use_errno=True)
    _must(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    # Lets access(2) count the capability, with which initdb looks at its sibling programs. Refused in some
    # containers, which matters only where the programs are unreadable to others (installed under umask 077).
    libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    mask = 0 if capability is None else 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(
        mask, mask, mask, 0, 0, 0
    )  # effective, permitted, inheritable; then their upper halves
    _must(libc.capset(header, sets))
    if capability is not None:
        _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))
    os.chdir(folder)


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "cannot drop privileges")
