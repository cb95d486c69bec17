"""A server and a question for the tests of the model client."""

import socket

import pytest
from loopback import loopback

from agent.llm import Move
from prompts.library import Prompt


@pytest.fixture(scope="session")
def served():
    with loopback() as server:
        yield server


@pytest.fixture
def server(served):
    served.forget()
    return served


@pytest.fixture
def unserved():
    """Host and port where nobody listens, as long as the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def prompt():
    return Prompt("be brief", "write a kernel")


@pytest.fixture
def move():
    return Move("examples/softmax", "seed", (), 0)
