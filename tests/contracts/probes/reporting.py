"""The year in figures, and the lead's reporting periods."""

from tests.contracts.probes.probe import Probe, each, on

PERIODS = ("period_closed", "period_open")

PROBES: list[Probe] = [
    Probe("count_year", query={"year": 2024}),
    *each("list_reporting_periods"),
    Probe("create_reporting_period", body={"period": {"from": "2025-01-01", "to": "2025-06-30"}}),
    *on("get_reporting_period", *PERIODS),
    *on("list_reporting_period_transitions", "period_open"),
    *on("advance_reporting_period", "period_open", body={"action": "close"}),
]
