"""One answer through the jail: the reference's run, the answer's run, and the score they make together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader import sandbox
from grader.checkers.base import Tools
from grader.checkers.code import running, static
from grader.checkers.code.checker import Code, for_a_person, not_run
from grader.checkers.code.comparing import Comparing, Incomparable
from grader.checkers.code.criterion import CodeCriterion
from grader.checkers.code.feedback import known_to_candidates, raised_text, short, told
from grader.checkers.code.response import PLACE, defined_twice, made
from grader.checkers.code.trials import Judging, Plan, Verdict, behaves_like, plan
from grader.errors import EngineError
from grader.sandbox import JailUnavailable, NoZygote, Raised, Run, Status
from grader.score import FULL, NOTHING, Answer, Finding, Outcome, Score

ENDED = (Status.OK, Status.EXCEPTION)
MOST_NOTICES = 8


class ReferenceFault(EngineError):
    """The rubric's own program does not run as the rubric needs it to."""


def judge(check: Code, answer: Answer, tools: Tools) -> Score:
    """Score a program that could be read.

    Raises:
        ReferenceFault: the rubric's own program fails.
        JailBroken: the jail died again and again.
    """
    try:
        return _Bench(check, answer, tools).score()
    except Incomparable as fault:
        raise ReferenceFault(str(fault)) from fault
    except (JailUnavailable, NoZygote) as failure:
        return not_run(check, answer, str(failure))


@dataclass(frozen=True, slots=True)
class _Bench:
    """One answer with everything that its runs have in common."""

    check: Code
    answer: Answer
    tools: Tools

    def score(self) -> Score:
        check, source = self.check, self.answer.value.source
        planned = plan(check.judged_by, check.inputs, check.draws, self.tools.seed)
        run = self._run(source, planned)
        noticed = list(self._noticed())
        if run.raised is not None and run.status is Status.EXCEPTION:
            return self._not_loaded(run, noticed)
        stubs = self._stubs()
        judging = self._judging(planned, stubs)
        verdicts = judging.verdicts(run)
        if stubs and run.status in ENDED:
            replaced = judging.verdicts(self._run(source, planned, stubs))
            if _passed(replaced) != _passed(verdicts):
                message = (
                    f"Without {', '.join(stubs)} the program does less; they are not allowed here."
                )
                noticed.append(Finding("needs-forbidden", NOTHING, message))
                verdicts = replaced
        known = self._known_program(run, judging) if _failing(verdicts) else ""
        return self._scored(run, verdicts, noticed, known)

    def _run(self, source: str, planned: Plan, stubs: Sequence[str] = ()) -> Run:
        check = self.check
        job = running.job(
            source,
            self.answer.response,
            check.harness.text if check.harness else "",
            planned,
            seed=self.tools.seed,
            written=check.limits,
            cuda=check.cuda,
            isolate=check.isolate,
            stubs=stubs,
        )
        return sandbox.run(job, trust_code=self.tools.trust_code)

    def _judging(self, planned: Plan, stubs: Sequence[str]) -> Judging:
        """What the answer is compared with: the reference's run, which needs nothing that is forbidden."""
        assert self.check.solution is not None  # noqa: S101 - `problems` refuses such an item
        run = self._own_program(self.check.solution.name, self.check.solution.text, planned, stubs)
        for trial in planned.trials:
            raised = run.cases[trial.main].raised
            if raised is not None:
                name, where = self.check.solution.name, trial.criterion
                raise ReferenceFault(f"{name} in {where} raises {raised_text(raised, '')}")
        return Judging(
            planned,
            self.check.judged_by,
            Comparing({str(name): one for name, one in self.check.tolerance.items()}),
            run,
        )

    def _own_program(self, name: str, source: str, planned: Plan, stubs: Sequence[str] = ()) -> Run:
        """A run of the rubric's own program, which must come to its end."""
        run = self._run(source, planned, stubs)
        if run.raised is not None:
            raise ReferenceFault(
                f"{name} cannot be loaded: it raises {raised_text(run.raised, '')}"
            )
        if run.status not in ENDED:
            raise ReferenceFault(
                f"{name} does not come to its end: {run.status.value} {run.detail}"
            )
        return run

    def _stubs(self) -> tuple[str, ...]:
        if not self.check.replace_forbidden:
            return ()
        return tuple(name for name in self.check.forbid if name not in static.LOOPS)

    def _noticed(self) -> Iterator[Finding]:
        check = self.check
        seen = static.look(
            self.answer.value.source,
            allow=self.answer.response.allow,
            forbid=check.forbid,
            require=check.require,
        )
        for noticed, _ in zip(seen, range(MOST_NOTICES), strict=False):
            text = f"{noticed.message[:1].upper()}{noticed.message[1:]}."
            yield Finding(noticed.id, NOTHING, text)
        yield from self._touched(check.harness.text if check.harness else "")

    def _touched(self, harness: str) -> Iterator[Finding]:
        """What the answer and the rubric's own program both define, and what it takes from there."""
        source, response = self.answer.value.source, self.answer.response
        told = {
            "defines something that its tests define too": defined_twice(source, harness),
            "uses a name that only its tests define": static.reaches(
                response.fill("", source), harness
            ),
        }
        for what, names in told.items():
            if names:
                message = f"A person looks at this: the program {what}."
                yield Finding("tampering", NOTHING, message, ", ".join(sorted(names)))

    def _known_program(self, run: Run, judging: Judging) -> str:
        """The known wrong program that this one behaves like, "" if there is none."""
        if run.status not in ENDED:
            return ""
        for name, known in self.check.misconceptions.items():
            theirs = self._own_program(known.program.name, known.program.text, judging.plan)
            if behaves_like(theirs, run, judging):
                return name
        return ""

    def _not_loaded(self, run: Run, noticed: Sequence[Finding]) -> Score:
        """The program raises before anything can be asked of it: a person looks."""
        assert run.raised is not None  # noqa: S101 - the caller has looked
        text = raised_text(run.raised, self.answer.value.source)
        message = f"The program stops before it can be tried: it raises {text}"
        finding = Finding("not-loaded", NOTHING, message)
        return for_a_person(
            self.check, self.answer, finding, *noticed, evidence=self._evidence(run)
        )

    def _scored(
        self, run: Run, verdicts: Mapping[str, Verdict], noticed: Sequence[Finding], known: str
    ) -> Score:
        check = self.check
        reasons = [*self._ended(run), *noticed, *self._forgivable(verdicts)]
        by_person = [name for name, criterion in check.judged_by.items() if not criterion.run]
        credit = _total(check, _passed(verdicts))
        findings = list(self._findings(verdicts))
        if known:
            wrong = check.misconceptions[known]
            credit = wrong.credit
            plain = [replace(finding, credit=NOTHING) for finding in findings]
            findings = [Finding(known, wrong.credit, wrong.say), *plain]
        findings = [*reasons, *findings]
        tried = sum(verdict.tried for verdict in verdicts.values())
        held = sum(verdict.held for verdict in verdicts.values())
        evidence = f"{held} of {tried} cases as the reference; {self._evidence(run)}"
        open_ = bool(reasons or by_person)
        return Score(
            Outcome.REVIEW if open_ else Outcome.GRADED,
            credit,
            self.answer.reading,
            tuple(findings),
            evidence,
            least=NOTHING if reasons else credit,
            most=FULL if reasons else min(FULL, credit + _total(check, by_person)),
            notes=self.answer.notes,
        )

    def _evidence(self, run: Run) -> str:
        """What makes the run repeatable."""
        return f"seed {self.tools.seed}, jail level {run.level.name.lower()}"

    def _ended(self, run: Run) -> Iterator[Finding]:
        why = running.stopped(run, self.check.limits)
        if why:
            yield Finding(running.LIMIT_IDS[run.status], NOTHING, why, run.detail)

    def _forgivable(self, verdicts: Mapping[str, Verdict]) -> Iterator[Finding]:
        """Exceptions that a person weighs: named by the item, or in the way of every criterion."""
        raised = [v.failure.raised for v in verdicts.values() if v.failure and v.failure.raised]
        named = next((one for one in raised if self._is_weighed(one)), None)
        if named is not None:
            text = raised_text(named, self.answer.value.source)
            said = self._said_by_tests(named) or f"the program raises {text}"
            yield Finding("exception", NOTHING, f"A person looks at this: {said}")
        elif raised and len(raised) == len(verdicts):
            text = raised_text(raised[0], self.answer.value.source)
            yield Finding(
                "exception", NOTHING, f"No criterion could be tried: the program raises {text}"
            )

    def _said_by_tests(self, raised: Raised) -> str:
        """The message of an exception that the rubric's own program defines, "" for any other."""
        harness = self.check.harness.text if self.check.harness else ""
        own = made(harness.replace(PLACE, "pass"))
        return f"{short(raised.message)}." if raised.type_name in own and raised.message else ""

    def _is_weighed(self, raised: Raised) -> bool:
        """By the exception's name, or by words of its message."""
        weighed = self.check.ask_a_person
        return any(one == raised.type_name or one in raised.message for one in weighed)

    def _findings(self, verdicts: Mapping[str, Verdict]) -> Iterator[Finding]:
        """One for each criterion; an exception that stops several is told once."""
        told_before: set[tuple[object, ...]] = set()
        for name, criterion in self.check.judged_by.items():
            verdict = verdicts.get(name)
            raised = verdict.failure.raised if verdict and verdict.failure else None
            same = (raised.type_name, raised.message, raised.lines) if raised else ()
            if raised is not None and same in told_before:
                message = f"Missing: {criterion.say} The same stands in its way."
                yield Finding(name, NOTHING, message)
                continue
            told_before.add(same)
            yield self._finding(name, criterion, verdict)

    def _finding(self, name: str, criterion: CodeCriterion, verdict: Verdict | None) -> Finding:
        if verdict is None:
            staff = f"a person judges ({criterion.credit}): {criterion.say}"
            return Finding(name, NOTHING, f"A person judges: {criterion.say}", staff)
        if verdict.passed:
            own = " It fits your own forward pass." if verdict.own_derivative else ""
            return Finding(name, criterion.credit, criterion.say + own)
        if verdict.failure is None:
            return Finding(name, NOTHING, f"Not tried to its end: {criterion.say}")
        source, entries = self.answer.value.source, self.answer.response.entry
        raised = verdict.failure.raised
        if raised is not None and (said := self._said_by_tests(raised)):
            message = f"Not found by the tests: {criterion.say} {said[:1].upper()}{said[1:]}"
            return Finding(name, NOTHING, message)
        staff = told(verdict.failure, source, expected=True)
        released = self.check.release_expected and known_to_candidates(verdict.failure, entries)
        message = staff if released else told(verdict.failure, source, False, entries)
        return Finding(name, NOTHING, f"Missing: {criterion.say} {message}".strip(), staff)


def _passed(verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    return frozenset(name for name, verdict in verdicts.items() if verdict.passed)


def _failing(verdicts: Mapping[str, Verdict]) -> bool:
    return not all(verdict.passed for verdict in verdicts.values())


def _total(check: Code, names: Iterator[str] | Sequence[str] | frozenset[str]) -> Fraction:
    return sum((check.judged_by[name].credit for name in names), NOTHING)
