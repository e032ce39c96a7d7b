"""Which report of progress answers which day of the schedule."""

from sqlalchemy import select, update
from sqlmodel import col

from app.models.progress_schedule import ProgressDue
from app.models.recommendation import Progress
from app.services.unit_of_work import UnitOfWork

D = ProgressDue


async def answer_with(uow: UnitOfWork, progress: Progress) -> None:
    """A report answers every day up to its own; where none was due yet, the next one, early."""
    unanswered = (col(D.recommendation_id) == progress.recommendation_id, col(D.progress_id).is_(None))
    until = (
        select(col(D.due_on))
        .where(*unanswered)
        .order_by(col(D.due_on))
        .execution_options(scope="the schedule of a recommendation that was found")
        .limit(1)
    )
    next_due = (await uow.session.execute(until)).scalar_one_or_none()
    if next_due is None:
        return
    answered = update(D).where(*unanswered, col(D.due_on) <= max(next_due, progress.reported_on))
    await uow.session.execute(answered.values(progress_id=progress.id).execution_options(synchronize_session=False))
