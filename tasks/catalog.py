"""Which tasks there are, and which of them a user's words mean: an id, a name, a set, a glob, a folder, a file."""

import glob
import tokenize
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from tasks.contract import check
from tasks.nearest import instead
from tasks.resize import resized
from tasks.settings import FILE, Entry, Settings, read_settings
from tasks.task import Task, TaskError

SHIPPED = Path(__file__).parent
"""Every folder in here with a ``set.toml`` is a set."""


def find(pattern: str, roots: Sequence[Path] = (SHIPPED,)) -> list[Task]:
    """Give the tasks that ``pattern`` means, in the order of their ids; never none.

    ``pattern`` is a set, an id, its last part or a glob of either, or else a folder of ``.py`` files, such a file or a
    glob of them. ``roots`` hold the folders of the known sets. Raises TaskError, in one line with the nearest names.
    """
    if pattern.endswith(".py") and not glob.has_magic(pattern):
        path = Path(pattern).expanduser()
        return [_task(path, read_settings(path.parent))]
    tasks = _known(roots)
    chosen = [each for each in tasks if pattern == _set_of(each) or _matches(each, pattern)] or _by_path(pattern)
    if not chosen:
        names = [*dict.fromkeys(_set_of(each) for each in tasks), *(each.name for each in tasks)]
        raise TaskError(f"no task, set, folder or .py file {pattern!r}; {instead(pattern, names)}")
    return chosen


def find_one(text: str, roots: Sequence[Path] = (SHIPPED,)) -> Task:
    """Give the one task that ``text`` means: an id, a last part that only one id has, or a ``.py`` file.

    Raises TaskError, in one line: an unknown or ambiguous name, or a file that can be no reference.
    """
    chosen = find(text, roots)
    if len(chosen) > 1:
        named = instead("", (each.id for each in chosen))
        raise TaskError(f"{text!r} means {len(chosen)} tasks where one is wanted; {named}")
    check(chosen[0].source, chosen[0].id)
    return chosen[0]


def _known(roots: Iterable[Path]) -> list[Task]:
    folders: dict[str, Path] = {}
    for folder in sorted(file.parent for root in roots for file in root.glob(f"*/{FILE}")):
        if folder.name in folders:
            raise TaskError(f"two sets are called {folder.name!r}: {folders[folder.name]} and {folder}")
        folders[folder.name] = folder
    return [task for folder in folders.values() for task in _in_folder(folder)]


def _by_path(pattern: str) -> list[Task]:
    path = Path(pattern).expanduser()
    if pattern and path.is_dir():
        return _in_folder(path)
    found = glob.glob(str(path), recursive=True)  # noqa: PTH207 - Path.glob refuses absolute patterns
    files = sorted(Path(each) for each in found if each.endswith(".py"))
    return [_task(each, read_settings(each.parent)) for each in files]


def _in_folder(folder: Path) -> list[Task]:
    files = {file.stem: file for file in sorted(folder.glob("*.py")) if not file.name.startswith("_")}
    if not files:
        inner = sorted({file.parent.name for file in folder.glob("*/*.py")})
        raise TaskError(f"{folder}: no .py files in this folder; of folders in it with some, {instead('', inner)}")
    settings = read_settings(folder)
    for name in settings.tasks:
        if name not in files:
            raise TaskError(f"{folder / FILE}: tasks.{name} has no {name}.py; {instead(name, files)}")
    return [_task(file, settings) for file in files.values()]


def _task(file: Path, settings: Settings) -> Task:
    file = file.absolute()
    task_id = f"{file.parent.name or 'tasks'}/{file.stem}"
    entry = settings.tasks.get(file.stem, Entry())
    source = _text(file)
    if entry.small:
        try:
            resized(source, entry.small)
        except TaskError as error:
            raise TaskError(f"{file.parent / FILE}: tasks.{file.stem}.small: {error}") from error
    return Task(task_id, source, entry.kind, settings.tolerance, entry.small, settings.origin, entry.flaws)


def _text(file: Path) -> str:
    try:
        with tokenize.open(file) as lines:  # heeds a byte order mark and a coding line, as Python does
            return lines.read()
    except FileNotFoundError as error:
        beside = sorted(each.stem for each in file.parent.glob("*.py"))
        raise TaskError(f"{file}: no such file; of those beside it {instead(file.stem, beside)}") from error
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"cannot be read as Python: {error}"
        raise TaskError(f"{file}: {reason}") from error


def _matches(task: Task, pattern: str) -> bool:
    return fnmatchcase(task.id, pattern) or fnmatchcase(task.name, pattern)


def _set_of(task: Task) -> str:
    return task.id.rpartition("/")[0]
