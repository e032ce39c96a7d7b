"""What a paper says, before it is a file."""

import pytest

from app.domain.paper import LAYOUTS, PaperForm, PaperKind, kept_together
from app.domain.paper_samples import sample


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM TỈNH THỪA THIÊN HUẾ",
            "TỔ QUỐC|VIỆT\u00a0NAM|TỈNH\u00a0THỪA\u00a0THIÊN\u00a0HUẾ",
        ),
        ("TỈNH ỦY THỪA THIÊN HUẾ", "TỈNH|ỦY|THỪA|THIÊN|HUẾ"),
        ("ỦY BAN NHÂN DÂN XÃ QUẢNG ĐIỀN", "ỦY|BAN|NHÂN|DÂN|XÃ\u00a0QUẢNG\u00a0ĐIỀN"),
    ],
)
def test_a_line_ends_before_the_place_and_not_inside(name: str, lines: str) -> None:
    assert kept_together(name).endswith(lines.replace("|", " "))
    assert kept_together(name).replace("\u00a0", " ") == name


@pytest.mark.parametrize("form", PaperForm)
@pytest.mark.parametrize("kind", PaperKind)
def test_there_is_a_sample_of_every_kind(kind: PaperKind, form: PaperForm) -> None:
    made = sample(kind, form)
    assert (made.kind, made.form, bool(made.blocks)) == (kind, form, True)
    assert bool(made.type_name) != (LAYOUTS.get(kind) == "letter")
