"""What Allure shows of a case: labels, the documentation page, each step with request, answer and findings."""

from __future__ import annotations

import json

import pytest

from conformance.findings.model import CaseResult, StepResult, Verdict
from conformance.reports.lines import finding_lines


class StepFailedError(AssertionError):
    """Marks a step as failed in the Allure results; never leaves this module."""


def show_in_allure(config: pytest.Config, result: CaseResult) -> None:
    """Describes the case to allure-pytest when this session writes Allure results."""
    if not config.pluginmanager.hasplugin("allure_pytest") or not config.getoption("allure_report_dir", None):
        return
    import allure  # noqa: PLC0415 - only a session that writes Allure results pays for it

    allure.dynamic.title(f"{result.title} ({result.version})")
    allure.dynamic.feature(result.interface)
    allure.dynamic.story(result.scenario)
    allure.dynamic.label("apiVersion", result.version)
    for profile in result.profiles:
        allure.dynamic.tag(profile)
    if result.source:
        allure.dynamic.parameter("documentation page", result.source)
    for step in result.steps:
        _show_step(step)


def _show_step(step: StepResult) -> None:
    import allure  # noqa: PLC0415 - as above

    try:
        with allure.step(f"{step.step}: {step.operation or step.kind}"):
            _attach(step)
            _mark(step)
    except StepFailedError:
        return  # the item tells of it; here only the step is marked


def _attach(step: StepResult) -> None:
    import allure  # noqa: PLC0415 - as above

    kinds = allure.attachment_type
    if step.document:
        allure.attach(step.document, "operation", kinds.TEXT)
        allure.attach(_pretty(step.variables), "variables", kinds.JSON)
    allure.attach(_pretty(step.response), "event" if step.kind == "event" else "answer", kinds.JSON)
    for finding in step.findings:
        allure.attach("\n".join(finding_lines(finding)), f"{finding.counted.name} {finding.rule}", kinds.TEXT)


def _mark(step: StepResult) -> None:
    if step.verdict >= Verdict.FAIL:
        raise StepFailedError("; ".join(f"{finding.rule}: {finding.message}" for finding in step.findings))


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
