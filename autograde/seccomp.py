"""A filter on system calls: what a student's code never needs, and what reaches out of the room, is refused.

Refused calls fail as "Operation not permitted" and do not kill, since libraries try one thing and fall back to another.
"""

import ctypes
import errno
import platform
import struct

from autograde import libc

#: Numbers on x86-64 and on aarch64 of what is refused; None where a machine has no such call.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other processes' memory
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "unshare": (272, 97),
    "setns": (308, 268),
    # large or often vulnerable parts of the kernel
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    # memory that no process's size shows: files without a folder, System V and POSIX queues, pages given to a pipe
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "vmsplice": (278, 75),
    # the machine
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "personality": (135, 92),
    "iopl": (172, None),
    "ioperm": (173, None),
}

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
# Numbers of the calls that are judged by an argument.
_CLONE, _CLONE3 = (56, 220), 435
_SOCKET, _IOCTL, _MMAP, _PRCTL = (41, 198), (16, 29), (9, 222), (157, 167)

_AF_UNIX = 1
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_SHARED_ANONYMOUS = 0x21
_NAMESPACES = (
    libc.CLONE_NEWNS
    | libc.CLONE_NEWCGROUP
    | libc.CLONE_NEWUTS
    | libc.CLONE_NEWIPC
    | libc.CLONE_NEWUSER
    | libc.CLONE_NEWPID
    | libc.CLONE_NEWNET
)

# <linux/bpf_common.h> and <linux/seccomp.h>
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_AT_LEAST = 0x15, 0x35
_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_SET_MODE_FILTER = 1
_SECCOMP = (317, 277)
_AT_NUMBER, _AT_MACHINE, _AT_ARGUMENTS = 0, 4, 16


def supported() -> bool:
    """Is there a filter for this kind of processor?"""
    return platform.machine() in _MACHINES


def install() -> None:
    """Put the filter on this process and all it will start; it cannot be taken off. Needs no_new_privs. Raises OSError."""
    if not supported():
        raise OSError(errno.ENOSYS, f"no filter of system calls is written for {platform.machine()}")
    program = _program(*_MACHINES[platform.machine()])
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a 16-bit count, padding, a pointer
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(code))
    libc.syscall(_SECCOMP[_MACHINES[platform.machine()][0]], _SET_MODE_FILTER, 0, ctypes.c_char_p(header))


def _program(column: int, machine: int) -> bytes:
    """The filter in the kernel's classic BPF. column: which of the two numbers of a call; machine: its AUDIT_ARCH."""
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    allow = _step(_RETURN, _ALLOW)
    # Calls in the 32-bit or x32 way have other numbers: no honest program here makes one.
    program = _step(_LOAD, _AT_MACHINE) + _step(_IF_EQUAL, machine, 1, 0) + _step(_RETURN, _KILL)
    program += _step(_LOAD, _AT_NUMBER)
    if machine == _MACHINES["x86_64"][1]:
        program += _step(_IF_AT_LEAST, 0x40000000, 0, 1) + _step(_RETURN, _KILL)
    for numbers in REFUSED.values():
        if numbers[column] is not None:
            program += _when(numbers[column], refuse)
    # clone3 has its flags behind a pointer, where no filter can look; without it the C library takes clone.
    program += _when(_CLONE3, _step(_RETURN, _ERRNO | errno.ENOSYS))
    program += _when(_CLONE[column], _argument(0) + _if_any(_NAMESPACES, refuse) + allow)
    # AF_UNIX: multiprocessing's workers hand over arrays through it, and a room of its own has nobody to talk to.
    program += _when(_SOCKET[column], _argument(0) + _step(_IF_EQUAL, _AF_UNIX, 1, 0) + refuse + allow)
    program += _when(_IOCTL[column], _argument(1) + _when(_TIOCSTI, refuse) + _when(_TIOCLINUX, refuse) + allow)
    # Shared memory without a file can be filled and then forgotten, so that no process's size shows it.
    masked = _argument(3) + _step(_AND, _SHARED_ANONYMOUS)
    program += _when(_MMAP[column], masked + _when(_SHARED_ANONYMOUS, refuse) + allow)
    # A candidate must die with its warden, who must be able to see how much memory it uses.
    kept = _when(libc.PR_SET_PDEATHSIG, refuse) + _when(libc.PR_SET_DUMPABLE, refuse)
    program += _when(_PRCTL[column], _argument(0) + kept + allow)
    return program + allow


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _argument(index: int) -> bytes:
    """Load the lower half of an argument: all of these are 32-bit, or are flags below 2**32 (little-endian machines)."""
    return _step(_LOAD, _AT_ARGUMENTS + 8 * index)


def _when(value: int, then: bytes) -> bytes:
    return _step(_IF_EQUAL, value, 0, len(then) // 8) + then


def _if_any(bits: int, then: bytes) -> bytes:
    """Do `then` when any of the bits is set; what was loaded is lost."""
    return _step(_AND, bits) + _step(_IF_EQUAL, 0, len(then) // 8, 0) + then
