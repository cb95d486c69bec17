"""What every command shares: the global options, before or after its name, and where words and errors go."""

import inspect
import os
import shlex
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console

from agent import words
from agent.config import ConfigError, RunConfig
from agent.home import usual_home
from agent.journal import Journal
from agent.settings import (
    Setting,
    Settings,
    from_assignments,
    from_environment,
    from_file,
    from_flags,
    from_run,
    settled,
)
from sandbox.bench import Bench

_PANEL = "Global options, before or after the command"
_FILE_COLUMNS = 120


def _option(*names: str, words: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, help=words, metavar=metavar, rich_help_panel=_PANEL, show_default=False)


@dataclass(frozen=True, slots=True)
class Options:
    """The global options, as they were given in one place of the command line."""

    home: Annotated[
        Path | None,
        _option("--home", metavar="FOLDER", words="Where runs are kept; else KERNELWRIGHT_HOME, else .kernelwright."),
    ] = None
    config: Annotated[Path | None, _option("--config", metavar="FILE", words="A run's settings, as TOML.")] = None
    set: Annotated[
        list[str] | None, _option("--set", metavar="KEY=VALUE", words="One setting, for example budget.usd=2.")
    ] = None
    templates: Annotated[
        Path | None,
        _option("--templates", metavar="DIR", words="Your own stages, partials and examples, file by file over ours."),
    ] = None
    json: Annotated[bool, _option("--json", words="One JSON object a line on stdout.")] = False
    verbose: Annotated[bool, _option("--verbose", words="Say which settings were changed, and where.")] = False

    def over(self, earlier: "Options") -> "Options":
        """Lay these over those that stood before the command."""
        given = {each.name: getattr(self, each.name) or getattr(earlier, each.name) for each in fields(self)}
        return replace(Options(**given), set=[*(earlier.set or []), *(self.set or [])])


class _Paper(Console):
    """A console that does not end the process when its reader has gone."""

    def on_broken_pipe(self) -> None:
        """Let the command line end it: a judge may be at work."""
        raise BrokenPipeError


def _paper(stream: TextIO) -> Console:
    """A console that keeps to a terminal's width; a file is as wide as a table needs, within reason."""
    width = None if stream.isatty() or "COLUMNS" in os.environ else _FILE_COLUMNS
    return _Paper(file=stream, highlight=False, width=width)


@dataclass(frozen=True)
class Shell:
    """One call of a command, as it sees the world."""

    options: Options
    results: Console = field(default_factory=lambda: _paper(sys.stdout))
    """Stdout."""
    progress: Console = field(default_factory=lambda: _paper(sys.stderr))
    """Stderr."""

    @property
    def json(self) -> bool:
        """Whether results are for a program."""
        return self.options.json

    @cached_property
    def home(self) -> Path:
        """The folder that holds the user's state; not yet made."""
        return (self.options.home or usual_home()).expanduser()

    def judging(self, bench: Bench, config: RunConfig) -> None:
        """Say where candidates are judged: the first line of every result that has times."""
        if not self.json:
            self.say(words.judging(bench.environment, bench.gpu, config.place))

    def journal(self) -> Journal:
        """Open the journal that earlier runs wrote; raises ConfigError where there is none."""
        if not (self.home / "journal.db").exists():
            start = self.command("optimize", "TASK")
            raise ConfigError(f"no runs in {self.home}; start one with: {start}, or name another folder with --home")
        return Journal(self.home)

    def settings(self, flags: list[Setting] | None = None) -> Settings:
        """Settle what a new run is made with; raises ConfigError."""
        file = from_file(self.options.config) if self.options.config else []
        return self._told(settled(file, from_environment(os.environ), [*self._assigned(), *(flags or [])]))

    def settings_of(self, run: str, config: RunConfig) -> Settings:
        """Settle what an earlier run goes on with: as it was, but for what is said now. Raises ConfigError."""
        return self._told(settled(from_run(config, run), self._assigned()))

    def say(self, line: str) -> None:
        """Print one line of the result, as it stands."""
        self.results.print(line, markup=False, soft_wrap=not self.results.is_terminal)

    @contextmanager
    def busy(self, doing: str) -> Generator[None]:
        """Show that something takes its time, on a terminal alone."""
        if self.progress.is_terminal and not self.json:
            with self.progress.status(doing):
                yield
        else:
            yield

    def write(self, line: str) -> None:
        """Print one line for a program; it is there at once."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def command(self, *words: str) -> str:
        """A command line that reaches the same home, to be copied."""
        home = ["--home", str(self.options.home)] if self.options.home else []
        return shlex.join(["kernelwright", *home, *words])

    def _assigned(self) -> list[Setting]:
        folder = self.options.templates and str(self.options.templates.absolute())
        return [*from_assignments(self.options.set or []), *from_flags(templates=folder)]

    def _told(self, settings: Settings) -> Settings:
        if self.options.verbose:
            for key, setting in sorted(settings.chosen.items()):
                self.progress.print(f"{key} = {setting.value!r} ({setting.origin})", style="dim", markup=False)
        return settings


def shared(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the global options as its last ones, and a Shell as its first argument in their place."""
    names = [each.name for each in fields(Options)]

    def called(context: typer.Context, **given: Any) -> None:
        options = Options(**{name: given.pop(name) for name in names})
        command(Shell(options.over(context.obj)), **given)

    called.__name__, called.__doc__ = command.__name__, command.__doc__
    return _signed(called, list(inspect.signature(command).parameters.values())[1:])


def rooted(root: Callable[..., None]) -> Callable[..., None]:
    """Give the word before all commands the global options too; its own come after the context."""
    names = [each.name for each in fields(Options)]

    def called(context: typer.Context, **given: Any) -> None:
        context.obj = Options(**{name: given.pop(name) for name in names})
        root(context, **given)

    called.__name__, called.__doc__ = root.__name__, root.__doc__
    return _signed(called, list(inspect.signature(root).parameters.values())[1:])


def _signed(called: Callable[..., None], own: list[inspect.Parameter]) -> Callable[..., None]:
    """Show Typer, which reads signatures, the command's own parameters and then the global ones."""
    kind = inspect.Parameter.KEYWORD_ONLY
    context = inspect.Parameter("context", kind, annotation=typer.Context)
    late = list(inspect.signature(Options).parameters.values())
    parameters = [context, *(each.replace(kind=kind) for each in (*own, *late))]
    called.__annotations__ = {each.name: each.annotation for each in parameters}
    called.__dict__["__signature__"] = inspect.Signature(parameters)
    return called
