"""As many warm worker processes as are asked for at a time; what dies or hangs with a job costs that job one attempt.

Workers come from a nursery. After trouble that may be its, or its server of rooms', new ones come from a new nursery; the
workers of the old one finish what they are at, and it ends with the last of them.
"""

import threading
from collections import Counter

from autograde.job import ATTEMPTS, Job, Outcome
from autograde.nursery import Lost, Nursery, WorkerProcess

#: Seconds without a sign of life from a worker, which gives one every few: it hangs.
_SILENCE = 180.0


class Processes:
    """Worker processes for threads that ask for one at a time; kept warm, and to be closed."""

    def __init__(self, silence: float = _SILENCE, *, isolated: bool = True) -> None:
        """silence: seconds without a sign of life after which a process is given up. isolated: see nursery.Nursery."""
        self._silence, self._isolated = silence, isolated
        self._nursery: Nursery | None = None
        #: How many workers of each nursery there are, or are being forked.
        self._workers: Counter[Nursery] = Counter()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """The numbers of the workers."""
        with self._lock:
            return [worker.pid for worker in (*self._idle, *self._busy)]

    @property
    def nursery(self) -> Nursery | None:
        """Where new workers come from, if any were needed yet."""
        return self._nursery

    def warm(self) -> None:
        """Start what takes seconds to start, and do not wait for it."""
        with self._lock:
            self._current()

    def examine(self, job: Job) -> Outcome:
        """Do a job; one that fails by no fault of the student's is tried once more, then told as failed. Raises CourseError."""
        outcome = Outcome()
        for number in range(ATTEMPTS):
            try:
                outcome = self._attempt(job, fresh=number > 0)
            except Lost as lost:
                if self._closed:
                    raise
                outcome = Outcome(failed=str(lost))
            if not outcome.failed:
                break
        return outcome

    def close(self) -> None:
        """End all processes, busy ones too."""
        with self._lock:
            self._closed = True
            nurseries = {*self._workers, *filter(None, [self._nursery])}
            for process in (*self._idle, *self._busy, *nurseries):
                process.kill()  # a thread that waits for its answer sees it end, and buries it
            idle, self._idle, self._nursery = self._idle, [], None
            self._workers.clear()
        for worker in idle:
            worker.end()
        for nursery in nurseries:
            nursery.close()

    def _attempt(self, job: Job, *, fresh: bool) -> Outcome:
        worker = self._take(fresh=fresh)
        try:
            outcome = worker.examine(job, self._silence)
        except BaseException:
            self._give_up(worker, retire=fresh or not worker.nursery.alive)
            raise
        if outcome.failed:
            self._give_up(worker, retire=True)
        else:
            self._put_back(worker)
        return outcome

    def _current(self) -> Nursery:
        if self._closed:
            raise Lost("grading has ended")
        if self._nursery is None:
            self._nursery = Nursery(isolated=self._isolated)
        return self._nursery

    def _take(self, *, fresh: bool) -> WorkerProcess:
        """A worker that waits for work, or else a new one. fresh: a new one, since what took one may have taken others, too."""
        while True:
            with self._lock:
                if not self._idle:
                    nursery = self._current()
                    self._workers[nursery] += 1
                    break
                worker = self._idle.pop()
                self._busy.add(worker)
            if worker.alive and not fresh:
                return worker
            self._give_up(worker, retire=not worker.nursery.alive)
        try:
            worker = nursery.fork()
        except BaseException:
            self._leave(nursery, retire=True)
            raise
        with self._lock:
            self._busy.add(worker)
            closed = self._closed
        if closed:
            self._give_up(worker, retire=True)
            raise Lost("grading has ended")
        return worker

    def _put_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            if worker.nursery is self._nursery:
                self._busy.remove(worker)
                self._idle.append(worker)
                return
        self._give_up(worker, retire=True)

    def _give_up(self, worker: WorkerProcess, *, retire: bool) -> None:
        with self._lock:
            self._busy.remove(worker)
        worker.end()
        self._leave(worker.nursery, retire=retire)

    def _leave(self, nursery: Nursery, *, retire: bool) -> None:
        """Count one worker of a nursery less. retire: none shall come from it any more."""
        idle = []
        with self._lock:
            if self._closed:
                return
            self._workers[nursery] -= 1
            if retire and nursery is self._nursery:
                self._nursery = None
                idle, self._idle = self._idle, []
                self._workers[nursery] -= len(idle)
            done = nursery is not self._nursery and not self._workers[nursery]
            if done:
                del self._workers[nursery]
        for worker in idle:
            worker.end()
        if done:
            nursery.close()
