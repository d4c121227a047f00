"""Frames over a connected socket, between the examiner and the candidate: bounded, and never pickle."""

import math
import socket
import struct
import time
from typing import Any

import msgpack

LARGEST_FRAME = 256_000_000  # bytes
_LENGTH = struct.Struct("<Q")


class WireError(Exception):
    """What arrived is not what the other side of the pipe may send."""


class Closed(Exception):
    """The other side is gone."""


class TimeOver(Exception):
    """The other side did not answer in time."""


class Unsupported(TypeError):
    """A value that cannot cross; the message says what to write instead."""


class Pipe:
    """Frames of msgpack over a connected stream socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        #: What has arrived of a message whose time was over: the next call goes on with it.
        self._frame = bytearray()

    def send(self, message: Any, deadline: float = math.inf) -> None:
        """Send one message. deadline: on the clock of time.monotonic. Raises Closed, TimeOver, Unsupported."""
        body = msgpack.packb(message, unicode_errors="replace")
        if len(body) > LARGEST_FRAME:
            raise Unsupported(f"{len(body) / 1e6:.0f} MB are too much at once; at most {LARGEST_FRAME / 1e6:.0f} MB.")
        try:
            self._limit(deadline)
            self._socket.sendall(_LENGTH.pack(len(body)) + body)
        except TimeoutError:
            raise TimeOver from None
        except OSError:
            raise Closed from None

    def receive(self, deadline: float = math.inf) -> Any:
        """The next message. deadline: on the clock of time.monotonic. Raises Closed, TimeOver, WireError."""
        self._fill(_LENGTH.size, deadline)
        (length,) = _LENGTH.unpack_from(self._frame)
        if length > LARGEST_FRAME:
            raise WireError(f"a message of {length:,} bytes")
        self._fill(_LENGTH.size + length, deadline)
        frame, self._frame = self._frame, bytearray()
        try:
            return msgpack.unpackb(memoryview(frame)[_LENGTH.size :], unicode_errors="replace", strict_map_key=True)
        except Exception as error:  # msgpack has a class of its own for each way to be broken
            raise WireError(f"no message ({type(error).__name__})") from None

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _limit(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeOver
        self._socket.settimeout(None if left == math.inf else left)

    def _fill(self, count: int, deadline: float) -> None:
        """Read until that many bytes of the message are there."""
        # Grows with what arrives: nothing is allocated on the sender's word.
        try:
            while len(self._frame) < count:
                self._limit(deadline)
                part = self._socket.recv(min(count - len(self._frame), 1 << 20))
                if not part:
                    raise Closed
                self._frame += part
        except TimeoutError:
            raise TimeOver from None
        except OSError:
            raise Closed from None
