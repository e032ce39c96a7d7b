"""Papers as files, their templates, and exports."""

from tests.contracts.probes.probe import Probe, on

PAPERS: list[Probe] = [
    *on("get_report_file", "report_draft", "report_whole_draft", "report", "self_report", "conclusion_published"),
]

PROBES = [*PAPERS]
