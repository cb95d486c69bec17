"""A real server on this machine that gives what it is told to, and remembers what it was asked."""

import json
import threading
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route


def sse(*events, done=True):
    """A stream of these events, each a table or raw text."""
    lines = [f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n" for each in events]
    return Response("".join(lines) + ("data: [DONE]\n\n" if done else ""), media_type="text/event-stream")


def chunk(text=None, finish=None, **delta):
    """An event of a stream."""
    said = {**({"content": text} if text is not None else {}), **delta}
    return {"model": "echo-1", "choices": [{"index": 0, "delta": said, "finish_reason": finish}]}


def answer(text="hello", finish="stop", usage=True):
    """A whole, ordinary stream."""
    counted = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
    return sse(chunk(text), chunk(finish=finish), *([counted] if usage else []))


def whole(message, finish="stop", **more):
    """An answer in one piece, from a server that does not stream."""
    return json_of({"model": "echo-1", "choices": [{"message": message, "finish_reason": finish}], **more})


def json_of(body, status=200, **headers):
    """A table or raw text as JSON; an underscore in a header's name stands for a dash."""
    content = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(content, status, named, media_type="application/json")


def html(status=200):
    """A page for people."""
    return Response("<html><body>Bad Gateway</body></html>", status, media_type="text/html")


def refusal(status, message="no", headers=None, **fields):
    """An error as most servers word it."""
    return json_of({"error": {"message": message, **fields}}, status, **(headers or {}))


def cut(*events):
    """A stream that promises more than it sends."""

    async def body():
        for event in events:
            yield f"data: {json.dumps(event)}\n\n".encode()
        raise ConnectionAbortedError

    return StreamingResponse(body(), media_type="text/event-stream")


class Loopback:
    """Gives its responses in order, the last again and again; a function among them makes one from what was asked."""

    def __init__(self):
        self.base_url = ""
        self.forget()

    def forget(self):
        """Begin anew: ordinary answers, nothing asked yet."""
        self.responses = [lambda asked: answer()]
        self.asked = []
        self.headers = []

    async def respond(self, request):
        self.headers.append(dict(request.headers))
        self.asked.append(await request.json())
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        return response if isinstance(response, Response) else response(self.asked[-1])


@contextmanager
def loopback():
    """Serve on a free port of 127.0.0.1 until the block is left."""
    served = Loopback()
    app = Starlette(routes=[Route("/v1/chat/completions", served.respond, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none"))
    listening = server.config.bind_socket()
    served.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield served
    finally:
        server.should_exit = server.force_exit = True  # a stream that stalls on purpose is not waited for
        thread.join()
