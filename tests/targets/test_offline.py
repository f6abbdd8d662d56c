"""While the guard holds, this thread does not reach the network; before and after it does."""

import socket
import threading

import pytest

from conformance.base.errors import NetworkForbiddenError
from conformance.targets.offline import no_network


def test_an_attempt_to_connect_is_an_error() -> None:
    with no_network(), socket.socket() as connection, pytest.raises(NetworkForbiddenError, match="without network"):
        connection.connect(("127.0.0.1", 9))


def test_an_attempt_to_look_a_name_up_is_an_error() -> None:
    with no_network(), pytest.raises(NetworkForbiddenError):
        socket.getaddrinfo("localhost", 80)


def test_the_guard_ends_with_its_block_and_does_not_bind_other_threads() -> None:
    found: list[object] = []
    with no_network():
        other = threading.Thread(target=lambda: found.append(socket.getaddrinfo("127.0.0.1", 80)))
        other.start()
        other.join()
    assert found
    assert socket.getaddrinfo("127.0.0.1", 80)
