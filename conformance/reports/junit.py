"""JUnit XML, as CI systems read it: a suite an interface, a test case a case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from conformance.findings.model import CaseResult, Finding, RunResult, Verdict
from conformance.reports.lines import finding_lines
from conformance.reports.words import skip_reason

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(run: RunResult) -> str:
    """The run as JUnit XML. Characters that XML cannot hold become U+FFFD.

    Failing cases have a `failure`, cases that could not be judged an `error`, skipped ones a `skipped` element.
    Findings that do not decide (warnings, waived ones) stand in `system-out`. Findings about the run as a whole are a
    suite `run` of their own; a run that did not finish has an error there, so that no reader takes it for whole.
    """
    root = Element("testsuites", name="bwp-conformance", time=_seconds(run.elapsed_ms))
    interfaces = sorted({case.interface for case in run.cases})
    for interface in interfaces:
        _suite(root, run, interface, [case for case in run.cases if case.interface == interface])
    _run_suite(root, run)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, run: RunResult, interface: str, cases: list[CaseResult]) -> None:
    verdicts = [case.verdict for case in cases]
    suite = SubElement(
        root,
        "testsuite",
        name=_xml(interface),
        tests=str(len(cases)),
        failures=str(verdicts.count(Verdict.FAIL)),
        errors=str(verdicts.count(Verdict.ERROR)),
        skipped=str(verdicts.count(Verdict.SKIP)),
        time=_seconds(sum(case.elapsed_ms for case in cases)),
        timestamp=_xml(run.started_at),
    )
    _properties(
        suite,
        [
            ("run", run.run_id),
            ("target", run.target),
            ("suite-version", run.suite_version),
            ("selection", run.selection),
        ],
    )
    for case in cases:
        _case(suite, case)


def _case(suite: Element, case: CaseResult) -> None:
    element = SubElement(
        suite,
        "testcase",
        classname=_xml(f"{case.interface}.{case.version}"),
        name=_xml(case.case_id),
        time=_seconds(case.elapsed_ms),
    )
    if case.file:
        element.set("file", _xml(case.file))
    errata = [("erratum", erratum) for erratum in case.errata]
    _properties(element, [("title", case.title), ("source", case.source), ("example", case.example), *errata])
    findings = sorted(case.all_findings, key=lambda finding: -finding.counted)
    deciding = [finding for finding in findings if finding.counted >= Verdict.FAIL]
    if deciding:
        _outcome(element, deciding, "error" if case.verdict is Verdict.ERROR else "failure")
    elif case.verdict is Verdict.SKIP:
        SubElement(element, "skipped", message=_xml(skip_reason(case)))
    others = [finding for finding in findings if finding.counted < Verdict.FAIL]
    if others:
        SubElement(element, "system-out").text = _texts(others)


def _outcome(element: Element, findings: list[Finding], kind: str) -> None:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    outcome = SubElement(element, kind, message=_xml(f"{first.rule}: {first.message}{more}"), type=_xml(first.rule))
    outcome.text = _texts(findings)


def _run_suite(root: Element, run: RunResult) -> None:
    failing = [finding for finding in run.findings if finding.counted >= Verdict.FAIL]
    count = len(failing) + (not run.complete)
    if not count:
        return
    errors = sum(finding.counted is Verdict.ERROR for finding in failing) + (not run.complete)
    suite = SubElement(
        root, "testsuite", name="run", tests=str(count), failures=str(count - errors), errors=str(errors), skipped="0"
    )
    if not run.complete:
        element = SubElement(suite, "testcase", classname="run", name="complete")
        SubElement(element, "error", message="the run did not finish: its footer is missing", type="incomplete")
    for finding in failing:
        element = SubElement(
            suite, "testcase", classname="run", name=_xml(f"{finding.rule} {finding.position or ''}".strip())
        )
        _outcome(element, [finding], "error" if finding.counted is Verdict.ERROR else "failure")


def _texts(findings: list[Finding]) -> str:
    return _xml("\n\n".join("\n".join(finding_lines(finding)) for finding in findings))


def _properties(parent: Element, pairs: Iterable[tuple[str, str]]) -> None:
    present = [(name, value) for name, value in pairs if value]
    if not present:
        return
    properties = SubElement(parent, "properties")
    for name, value in present:
        SubElement(properties, "property", name=name, value=_xml(value))


def _seconds(elapsed_ms: float) -> str:
    return f"{elapsed_ms / 1000:.3f}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
