"""Brings up the loopback device of a network namespace of our own, then becomes another program.

Called as ``python -I -S loopback.py COMMAND...``: a profiler and the process that it watches talk over it.
"""

import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def main() -> None:
    """Bring it up where that is allowed; elsewhere the machine's own is up."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    except OSError as error:
        sys.stderr.write(f"loopback: {error}\n")
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
