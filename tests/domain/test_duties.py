"""Which dated duties may stand beside each other."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.core.principal import Duty
from app.domain.duties import Tenure, contradictions

days = st.dates(date(2020, 1, 1), date(2020, 1, 20))
tenures = st.builds(
    lambda duty, first, last: Tenure(duty, min(first, last or date.max), last and max(first, last)),
    st.sampled_from(Duty),
    days,
    st.none() | days,
)


@given(st.lists(tenures, max_size=5))
def test_a_list_is_free_of_contradictions_exactly_if_no_day_has_one(duties):
    """The slow truth: look at every day."""
    bad = False
    for day in (date(2020, 1, n) for n in range(1, 22)):
        held = [it.duty for it in duties if it.since <= day and (it.until is None or day <= it.until)]
        bad |= len(held) != len(set(held)) or {Duty.ADMINISTRATOR, Duty.LEADER} <= set(held)
    assert bool(contradictions(duties)) == bad


def test_the_later_of_two_is_named():
    since = date(2024, 1, 1)
    duties = [Tenure(Duty.LEADER, since), Tenure(Duty.CLERK, since), Tenure(Duty.ADMINISTRATOR, since)]
    assert contradictions(duties) == [(2, "incompatible_duties")]
