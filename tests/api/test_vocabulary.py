from app.domain.campaign import CAMPAIGN, CampaignState
from tests.client import ok


async def test_clients_learn_every_label_without_signing_in(api):
    words = ok(await api.get("/v1/vocabulary"))
    assert words["campaign_state"][0] == {"code": "proposed", "vi": "Đề xuất", "en": "Proposed"}
    assert [it["code"] for it in words["campaign_state"]] == [str(it) for it in CampaignState]
    assert [it["code"] for it in words["campaign_action"]] == CAMPAIGN.actions
    assert {"code": "KH", "vi": "Kế hoạch", "en": "Plan"} in words["document_kind"]
    assert len(words["ground"]) == 12
