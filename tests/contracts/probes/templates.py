"""A body's own templates of its papers."""

from tests.contracts.probes.probe import Probe, each, of_lead, on

PROBES: list[Probe] = [
    *each("list_template_kinds", "list_templates"),
    Probe("get_standard_template", more={"kind": "plan"}),
    Probe("preview_standard_template", more={"kind": "plan"}),
    Probe("create_template", body=of_lead(kind="plan", standard=True, body_id="@lead")),
    *on("get_template", "template"),
    *on("preview_template", "template"),
    *on("delete_template", "template_coming"),
]
