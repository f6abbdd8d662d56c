"""Recorded exchanges as a target: found by what a request asks for, never by its URL or its spelling."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conformance.base.data import display_path
from conformance.base.errors import InputError
from conformance.contract.model import Contract
from conformance.operations.envelope import read_request
from conformance.operations.matching import explain_difference, normal_form
from conformance.targets.offline import no_network
from conformance.targets.protocol import NoRecordingError, NotRecordedError
from conformance.traffic.cassette import read_cassette
from conformance.traffic.model import HttpRequest, HttpResponse

ENDPOINT = "https://api.buywithprime.amazon.com/graphql"


@dataclass(frozen=True, slots=True)
class _Recording:
    index: int
    form: str
    response: HttpResponse


class CassetteTarget:
    """The exchanges of one cassette. Equal requests are answered in the order of their recording, the last one for ever."""

    endpoint = ENDPOINT

    def __init__(self, path: Path, contract: Contract) -> None:
        cassette = read_cassette(path)
        self._file = display_path(path)
        self._contract = contract
        self.origin = cassette.header.origin if cassette.header else "unknown"
        self._recordings: dict[str, list[_Recording]] = {}
        self._asked: dict[str, int] = {}
        for exchange in cassette.exchanges:
            form = self._form(exchange.request)
            self._recordings.setdefault(form, []).append(_Recording(exchange.index, form, exchange.response))

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - a recording needs no time
        """The recorded answer of the same operation with the same values."""
        form = self._form(request)
        recordings = self._recordings.get(form)
        if not recordings:
            raise NotRecordedError(self._miss(form))
        times = self._asked.get(form, 0)
        self._asked[form] = times + 1
        return recordings[min(times, len(recordings) - 1)].response

    def unused(self) -> tuple[str, ...]:
        return tuple(
            f"{self._file}: interaction {recording.index + 1}"
            for form, recordings in self._recordings.items()
            for recording in recordings[self._asked.get(form, 0) :]
        )

    def _form(self, request: HttpRequest) -> str:
        graphql, findings = read_request(request)
        if graphql is None:
            raise InputError.at(
                self._file, f"an interaction is no GraphQL request: {findings[0].message if findings else ''}"
            )
        return normal_form(graphql.document, graphql.operation_name, graphql.variables, self._contract)

    def _miss(self, form: str) -> str:
        if not self._recordings:
            return f"{self._file} holds no recording"
        nearest = min(self._recordings, key=lambda other: _distance(form, other))
        index = self._recordings[nearest][0].index + 1
        return f"{self._file} does not hold this request; nearest is interaction {index}: {explain_difference(form, nearest)}"


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


def _distance(one: str, other: str) -> int:
    """How far the first difference is from the end: the longer the common beginning, the nearer."""
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return -common
