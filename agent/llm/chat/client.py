"""One request to one endpoint, by the ``openai`` SDK, without any retry."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

import openai
from openai import BaseModel, Stream
from openai.types.chat import ChatCompletionChunk

from agent.llm.chat import ChatError
from agent.llm.chat.answers import Answer
from agent.llm.chat.endpoint import Endpoint
from agent.llm.chat.failures import failure, told, web_page
from prompts.library import Prompt

_CONNECT_S = 15.0


class Client:
    """An open endpoint. The answer is streamed, so that no proxy on the way takes a long one for a dead one."""

    def __init__(self, endpoint: Endpoint, timeout_s: float) -> None:
        self._endpoint = endpoint
        self._sdk = openai.OpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.key or "none",  # the SDK insists on one
            max_retries=0,
            timeout=openai.Timeout(timeout_s, connect=_CONNECT_S),
        )

    def ask(self, prompt: Prompt, parameters: Mapping[str, object]) -> Answer:
        """Return the whole answer; raises ChatError."""
        try:
            with self._sdk.chat.completions.create(
                model=self._endpoint.model,
                messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
                if prompt.system
                else [{"role": "user", "content": prompt.user}],
                stream=True,
                extra_body=parameters,
            ) as stream:
                answer = self._read(stream)
        except ChatError:
            raise
        except Exception as error:  # what breaks off a stream is httpx's or httpx2's, by the SDK's version
            known = failure(error, self._endpoint)
            if known is None:
                raise
            raise known from None  # the SDK's own error may repeat the key
        if not answer.begun:
            raise ChatError(
                f"{self._endpoint.host} sent an answer without choices; is {self._endpoint.base_url!r} its base URL?",
                passing=True,
            )
        if answer.reason == "error":
            raise ChatError(f"{self._endpoint.host} gave up in the middle of its answer", passing=True)
        return answer

    def _read(self, stream: Stream[ChatCompletionChunk]) -> Answer:
        answer, kind = Answer(), stream.response.headers.get("content-type", "")
        if "html" in kind:
            raise web_page(self._endpoint)
        if "json" in kind:  # a server that does not stream
            answer.take(self._document(stream))
            return answer
        for chunk in cast("Iterable[object]", stream):  # an event that is no table comes as it is
            answer.take(chunk.to_dict(mode="json", warnings=False) if isinstance(chunk, BaseModel) else chunk)
        return answer

    def _document(self, stream: Stream[ChatCompletionChunk]) -> object:
        document: object = json.loads(stream.response.read())
        if isinstance(document, dict) and (error := cast("dict[str, Any]", document).get("error")):
            raise told(error, self._endpoint)
        return cast("object", document)
