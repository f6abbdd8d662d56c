"""The judge of answers: the fast path proves a clean answer, the precise path says what is wrong with another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from conformance.base.paths import JsonPath
from conformance.findings.model import Finding
from conformance.findings.wording import key_for_path
from conformance.operations.body import NO_VALUE, read_body
from conformance.operations.compile import CompiledOperation
from conformance.operations.errormodel import judge_errors
from conformance.operations.finding import found, kind_shown
from conformance.operations.nullpaths import judge_error_paths
from conformance.operations.parts import Parts
from conformance.operations.precise import Walker
from conformance.operations.selection import ObjectPlan
from conformance.operations.violations import MAX_FINDINGS
from conformance.traffic.model import Headers

TOP_LEVEL: Final = frozenset(("data", "errors", "extensions"))


@dataclass(frozen=True, slots=True)
class WalkedAnswer:
    """What the precise path found in an answer.

    `value` is the decoded answer, None of a body with faults of its own. `entered` are the objects of the data that are
    not clean, with plans and paths; None when they are not known.
    """

    findings: tuple[Finding, ...]
    value: Any = None
    entered: tuple[tuple[ObjectPlan, JsonPath, dict[str, Any]], ...] | None = None


def judge_response(
    compiled: CompiledOperation,
    body: bytes,
    *,
    variables: Mapping[str, Any] | None = None,
    status: int = 200,
    headers: Headers = (),  # noqa: ARG001 - part of the interface; judge_http judges them
    key_order: bool = False,
) -> tuple[Finding, ...]:
    """Judges the body of an answer. Nothing comes back for a clean one.

    `variables` decide `@skip` and `@include`. `status` tells whose fault a body is that is no GraphQL answer.
    `key_order` also reports, as information, keys in another order than selected, at the price of the fast path.
    """
    judge = compiled.judge_for(variables)
    if judge is not None and not key_order:
        decode = judge.decoder
        if decode is not None:
            try:
                decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                # Not clean: the precise path says why.
                pass
            else:
                return ()
    return judge_precisely(compiled, body, variables=variables, status=status, key_order=key_order)


def judge_precisely(
    compiled: CompiledOperation,
    body: bytes,
    *,
    variables: Mapping[str, Any] | None = None,
    status: int = 200,
    key_order: bool = False,
) -> tuple[Finding, ...]:
    """As `judge_response`, by the precise path alone."""
    return walk_answer(compiled, body, variables=variables, status=status, key_order=key_order).findings


def walk_answer(
    compiled: CompiledOperation,
    body: bytes,
    *,
    variables: Mapping[str, Any] | None = None,
    status: int = 200,
    key_order: bool = False,
    parts: Parts | None = None,
) -> WalkedAnswer:
    """As `judge_precisely`, for who has more to ask about the answer. `parts` are those of the answer's selection."""
    read = read_body(body, status=status)
    findings = list(read.findings)
    value = None if findings else read.value
    if read.value is NO_VALUE:
        return WalkedAnswer(tuple(findings), value)
    if not isinstance(read.value, dict):
        actual = kind_shown(read.value)
        fix = "A batch of requests is not part of this API" if isinstance(read.value, list) else ""
        findings.append(
            found("ENV-022", f"the answer is {actual}", expected='an object like {"data": …}', actual=actual, fix=fix)
        )
        return WalkedAnswer(tuple(findings), value)
    walker = Walker(compiled.contract, key_order=key_order, parts=parts)
    findings += judge_answer(compiled, read.value, walker, variables=variables)
    if len(findings) > MAX_FINDINGS:
        more = found("RSP-018", f"more than {MAX_FINDINGS:,} findings; the rest is not listed")
        findings = [*findings[:MAX_FINDINGS], more]
    is_told = parts is not None and walker.is_regular and value is not None
    return WalkedAnswer(tuple(findings), value, tuple(walker.entered) if is_told else None)


def judge_answer(
    compiled: CompiledOperation,
    answer: dict[str, Any],
    walker: Walker,
    *,
    variables: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Judges an answer that was read from JSON already, by the precise path. `walker` walks over its data."""
    findings = _top_level(answer)
    errors = answer.get("errors")
    if "errors" in answer:
        findings += judge_errors(errors)
    if "data" not in answer:
        return findings
    data = answer["data"]
    judge = compiled.judge_for(variables)
    if data is None and "errors" not in answer:
        findings.append(
            found(
                "ERR-010",
                "data is null and no error says why",
                path=("data",),
                expected="an object, or errors beside the null",
                actual="null",
                fix="Answer an error for what failed",
            )
        )
    elif data is not None and not isinstance(data, dict):
        actual = kind_shown(data)
        findings.append(
            found("ENV-025", f"data is {actual}", path=("data",), expected="an object or null", actual=actual)
        )
        return findings
    if judge is None:
        return findings
    if data is not None:
        try:
            walker.object(judge.plan, data, ("data",))
        except RecursionError:
            walker.is_regular = False
            findings.append(found("ENV-027", "the data nests too deeply to be judged", path=("data",)))
        findings += walker.findings
    findings += judge_error_paths(judge.plan, data, errors)
    return findings


def _top_level(answer: dict[str, Any]) -> list[Finding]:
    findings = [
        found(
            "ENV-023",
            f"the answer has the key {key_for_path(key)}",
            path=(key_for_path(key),),
            expected="data, errors and extensions only",
            actual=kind_shown(answer[key]),
            fix="Put it under extensions",
        )
        for key in answer
        if key not in TOP_LEVEL
    ]
    if "data" not in answer and "errors" not in answer:
        findings.append(
            found(
                "ENV-024",
                "the answer has neither data nor errors",
                expected="data, errors or both",
                actual=kind_shown(answer),
            )
        )
    if "extensions" in answer and not isinstance(answer["extensions"], dict):
        actual = kind_shown(answer["extensions"])
        findings.append(
            found("ENV-026", f"extensions is {actual}", path=("extensions",), expected="object", actual=actual)
        )
    return findings
