"""The exception tree, and what each exception means for the exit status.

ConformanceError            4  something of ours broke, if no subclass says otherwise
├── InputError              2  a file or an option of the user is faulty; carries every problem found in it
├── NetworkForbiddenError   2  a run without network tried to reach it
├── TargetError             3  the target cannot be reached
└── InternalError           4  a bug of this suite
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """What the process tells its caller."""

    CLEAN = 0
    FINDINGS = 1
    BAD_INPUT = 2
    UNREACHABLE = 3
    BUG = 4


@dataclass(frozen=True, slots=True, order=True)
class SourcePosition:
    """A place in a file. Lines and columns count from 1; 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input: where, what is wrong, what was expected, how to mend it."""

    position: SourcePosition
    message: str
    expected: str = ""
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.position}: {self.message}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.fix:
            text += f". {self.fix}"
        return text


class ConformanceError(Exception):
    """Root of the exceptions that this suite raises on purpose."""

    code: ClassVar[str] = "internal"
    exit_status: ClassVar[ExitStatus] = ExitStatus.BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class InputError(ConformanceError):
    """A user's file or option is faulty. `problems` has every fault found, in the order of the file."""

    code = "input"
    exit_status = ExitStatus.BAD_INPUT

    def __init__(self, problems: Iterable[Problem], *, hint: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems), hint=hint)

    @classmethod
    def at(
        cls, file: str, message: str, *, line: int = 0, column: int = 0, expected: str = "", fix: str = ""
    ) -> InputError:
        """An error with one problem."""
        return cls([Problem(SourcePosition(file, line, column), message, expected, fix)])


class NetworkForbiddenError(ConformanceError):
    """Something tried to reach the network in a run that must not."""

    code = "network-forbidden"
    exit_status = ExitStatus.BAD_INPUT


class TargetError(ConformanceError):
    """The target cannot be reached, or stopped answering."""

    code = "target"
    exit_status = ExitStatus.UNREACHABLE


class InternalError(ConformanceError):
    """A bug of this suite."""
