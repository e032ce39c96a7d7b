"""A hostile template, had it passed the examination, spoils its own paper: bounds of memory, time and place."""

import io

import pytest
from docx import Document

from app.adapters import docx, docx_apart
from app.domain.paper import PaperForm, PaperKind
from app.domain.paper_samples import everything, sample

pytestmark = pytest.mark.thorough

CONTENT = sample(PaperKind.REMINDER, PaperForm.STATE).content()


def written(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ 'x' * 3000000000 }}", "memory"),
        ("{{ ''.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ unknown }}", "'unknown' is undefined"),
    ],
)
async def test_what_a_template_asks_too_much_breaks_its_own_paper(text: str, reason: str) -> None:
    with pytest.raises(docx.Broken) as broken:
        await docx_apart.render(written(text), CONTENT)
    assert broken.value.reason == reason


async def test_who_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_apart, "SECONDS", 0.05)
    with pytest.raises(docx.Broken) as broken:
        await docx_apart.render(written("{{ abstract }}"), CONTENT)
    assert broken.value.reason == "time"


async def test_apart_and_at_home_write_the_same_words() -> None:
    template = docx.standard(party=False, layout="letter")
    apart, home = await docx_apart.render(template, CONTENT), docx.render(template, CONTENT)
    shown = [[it.text for it in Document(io.BytesIO(made)).element.body.iter("{*}t")] for made in (apart, home)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("layout", ["named", "letter", "minutes", "wide"])
@pytest.mark.parametrize("party", [True, False])
def test_the_standard_templates_keep_the_rules_of_all_templates(layout: str, party: bool) -> None:
    samples = [sample(PaperKind.DECISION, PaperForm.PARTY).content()]
    faults, uses = docx.examine(docx.standard(party=party, layout=layout), everything(), samples)
    assert faults == []
    assert {"blocks", "annexes", "copies", "dated", "issuer", "parent"} <= uses
