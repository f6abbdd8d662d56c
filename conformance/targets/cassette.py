"""Recorded exchanges as a target: found by what a request asks for, never by its URL or its spelling."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conformance.base.data import display_path
from conformance.base.errors import InputError
from conformance.contract.model import Contract
from conformance.operations.difference import distance, explain_difference
from conformance.operations.envelope import GraphQLRequest, read_request
from conformance.operations.matching import normal_operation
from conformance.targets.offline import no_network
from conformance.targets.protocol import NoRecordingError, NotRecordedError
from conformance.traffic.cassette import read_cassette
from conformance.traffic.model import HttpRequest, HttpResponse

ENDPOINT = "https://api.buywithprime.amazon.com/graphql"


@dataclass(frozen=True, slots=True)
class _Recording:
    index: int
    request: GraphQLRequest
    response: HttpResponse


class CassetteTarget:
    """The exchanges of one cassette. Equal requests get their answers in the order recorded, the last one for ever."""

    endpoint = ENDPOINT

    def __init__(self, path: Path, contract: Contract) -> None:
        cassette = read_cassette(path)
        self._file = display_path(path)
        self._contract = contract
        self.origin = cassette.header.origin if cassette.header else "unknown"
        self._recordings: dict[str, list[_Recording]] = {}
        self._asked: dict[str, int] = {}
        for exchange in cassette.exchanges:
            request, key = self._read(exchange.request)
            self._recordings.setdefault(key, []).append(_Recording(exchange.index, request, exchange.response))

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - a recording needs no time
        """The recorded answer of the same operation with the same values."""
        asked, key = self._read(request)
        recordings = self._recordings.get(key)
        if not recordings:
            raise NotRecordedError(self._miss(asked))
        times = self._asked.get(key, 0)
        self._asked[key] = times + 1
        return recordings[min(times, len(recordings) - 1)].response

    def unused(self) -> tuple[str, ...]:
        return tuple(
            f"{self._file}: interaction {recording.index + 1}"
            for key, recordings in self._recordings.items()
            for recording in recordings[self._asked.get(key, 0) :]
        )

    def _read(self, request: HttpRequest) -> tuple[GraphQLRequest, str]:
        read, findings = read_request(request)
        if read is None:
            raise InputError.at(self._file, f"an interaction is no GraphQL request: {findings[0].message}")
        return read, normal_operation(read, self._contract).key

    def _miss(self, asked: GraphQLRequest) -> str:
        recordings = [recording for group in self._recordings.values() for recording in group]
        if not recordings:
            return f"{self._file} holds no recording"
        nearest = min(recordings, key=lambda recording: distance(asked, recording.request, self._contract))
        difference = explain_difference(asked, nearest.request, self._contract)
        return f"{self._file} does not hold this request; nearest is interaction {nearest.index + 1}: {difference}"


class CassetteProvider:
    """The cassettes below a folder: `<folder>/<version>/<scenario>.yaml`."""

    name = "cassettes"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, scenario: str, contract: Contract) -> CassetteTarget:
        path = self.folder / contract.version / f"{scenario}.yaml"
        if not path.is_file():
            raise NoRecordingError(f"no cassette: {display_path(path)} does not exist")
        with no_network():
            return CassetteTarget(path, contract)
