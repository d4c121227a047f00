"""Grading on the workers of a Dask cluster: they get notebooks as bytes, share no disk, and never see the gradebook."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from functools import partial
from types import TracebackType
from typing import Any, Self

from autograde.course import CourseError
from autograde.job import Job, Outcome, kit
from autograde.jobs import outcomes
from autograde.processes import Processes
from autograde.room import missing

try:
    from distributed import Client, KilledWorker, get_worker
    from distributed.comm import CommClosedError, get_address_host_port
    from distributed.diagnostics.plugin import WorkerPlugin
except ImportError as error:
    raise CourseError(
        f"--scheduler needs the extra `cluster` ({error}). Install it: pip install '.[instructor,cluster]'"
    ) from None

_INSTALL = "pip install '.[instructor,cluster]' in the same version of the course"
_PATIENCE = 15  # seconds for the scheduler to answer


class _Examiners(WorkerPlugin):
    """On a Dask worker: processes that examine, one for each of its threads. Dask's own must not fork, for it has threads."""

    def __init__(self, name: str) -> None:
        self.name = name

    def setup(self, worker: Any) -> None:  # noqa: ARG002
        self.processes = Processes()

    def teardown(self, worker: Any) -> None:  # noqa: ARG002
        self.processes.close()


def _examine(name: str, version: str, job: Job) -> Outcome:
    """On a Dask worker: do a job."""
    if kit() != version:  # one that came after all others were asked
        return Outcome(failed=f"{get_worker().address} has another version of the course")
    try:
        return get_worker().plugins[name].processes.examine(job)
    except CourseError as error:
        return Outcome(failed=str(error))


class Cluster:
    """The workers of a Dask cluster, as a context manager; used like jobs.Workers."""

    def __init__(self, address: str) -> None:
        """address: the scheduler's. Raises CourseError when it does not answer, or when a worker lacks something."""
        try:
            get_address_host_port(address)  # a client with an address that is none takes half a minute to give up
            self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CourseError(
                f"no scheduler answers at {address} ({str(error).splitlines()[0]}). Start one: dask scheduler"
            ) from None
        self._name = f"examiners-{self._client.id}"
        try:
            self._count = sum(self._client.nthreads().values())
            if not self._count:
                raise CourseError(f"the scheduler at {address} has no workers. Start some: dask worker {address}")
            complaints = lacking(self._client.run(_looking(), on_error="return"))
            if complaints:
                raise CourseError("\n".join(complaints))
            self._client.register_plugin(_Examiners(self._name))
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._client.unregister_worker_plugin(self._name)
        except (OSError, ValueError, CommClosedError):
            pass  # a worker that is gone has no processes left
        finally:
            self._client.close()

    def warm(self) -> None:
        """Nothing: these workers were there before, and stay."""

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome, as they come; see `jobs.outcomes`. Dask gives a dead worker's jobs to others."""
        executor = self._client.get_executor(pure=False)
        try:
            examine = partial(_examine, self._name, kit())
            yield from outcomes(executor, examine, jobs, 2 * self._count, lost=KilledWorker)
        except (CancelledError, CommClosedError):
            raise CourseError(
                "the scheduler is gone. The same command continues: what was examined is known."
            ) from None
        finally:
            executor.shutdown(wait=False)


def facts() -> dict[str, Any]:
    """What has to be known of a machine before it examines."""
    return {"kit": kit(), "lacks": [str(m) for m in missing() if m.needed]}


def _looking() -> Callable[[], dict[str, Any]]:
    """A function that can be sent to a worker without the course: sent as it is, since it is nobody's attribute."""

    def look() -> dict[str, Any]:
        try:
            from autograde.cluster import facts
        except Exception as error:
            return {"fails": f"{type(error).__name__}: {error}"}
        return facts()

    return look


def lacking(found: dict[str, Any]) -> list[str]:
    """What each worker lacks, by what it answered to `_looking`, with what to do about it."""
    complaints = []
    for address, fact in found.items():
        if not isinstance(fact, dict):
            complaints.append(
                f"worker {address}: {fact}. Start it again with the coordinator's versions of Python and Dask"
            )
        elif "fails" in fact:
            complaints.append(
                f"worker {address}: the course is not installed there ({fact['fails']}). There: {_INSTALL}"
            )
        elif fact["kit"] != kit():
            complaints.append(f"worker {address}: it has another version of the course. There: {_INSTALL}")
        else:
            complaints += [f"worker {address}: {what}" for what in fact["lacks"]]
    return complaints
