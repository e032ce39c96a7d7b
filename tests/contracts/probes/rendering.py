"""Papers as files, their templates, and exports."""

from tests.contracts.probes.probe import NOTHING, Probe, each, on

PAPERS: list[Probe] = [
    *on("get_report_file", "report_draft", "report_whole_draft", "report", "self_report", "conclusion_published"),
    *on("get_campaign_file", "campaign", "campaign_consulting", "campaign_proposed"),
    *on("get_delegation_file", "delegation", "delegation_forming"),
    *on("get_engagement_file", "engagement", "engagement_unnotified"),
    *on("get_engagement_session_file", "engagement", more={"session_id": "session"}),
    *on("get_recommendation_file", "recommendation", "recommendation_draft", "recommendation_escalated"),
    *on("get_recommendation_reminder_file", "recommendation", more={"reminder_id": NOTHING}),
    *on("get_recommendation_escalation_file", "recommendation", more={"escalation_id": NOTHING}),
]

EXPORTS: list[Probe] = [
    *each("list_exports"),
    Probe("create_export", body={"kind": "recommendations", "format": "csv"}),
    *on("get_export", "export"),
    *on("get_export_content", "export"),
]

PROBES = [*PAPERS, *EXPORTS]
