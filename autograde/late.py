"""What being late costs: a plugin for nbgrader's AssignLatePenalties."""

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

_DAY = 24 * 60 * 60  # seconds


class DailyPenalty(LateSubmissionPlugin):
    """Some percent of a notebook's points for each day begun, after a time of grace."""

    percent_per_day = Float(10, min=0, max=100, help="Percent of the score that each day begun costs.").tag(config=True)
    grace_minutes = Float(0, min=0, help="Minutes that cost nothing.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:  # noqa: ARG002
        """The points to take off; None within the time of grace."""
        seconds = total_seconds_late - 60 * self.grace_minutes
        if seconds <= 0:
            return None
        return score * min(1, -(-seconds // _DAY) * self.percent_per_day / 100)
