"""Notifications as e-mail, through a real SMTP server: to those who want them, once, and no more than they may know."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.smtp import Post
from app.models.mail import Mail, MailState, NotificationPreference
from app.services.mails import sending
from app.worker import tell
from tests import makers
from tests.commit.test_worker import happen
from tests.mailbox import Mailbox, receiving
from tests.world import World

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as it:
        yield it


@pytest.fixture
def post(mailbox: Mailbox) -> Post:
    return Post("127.0.0.1", mailbox.port, "giamsat@example.vn", "none")


async def wish(sessions: Sessions, world: World, part: str, **wishes: bool) -> None:
    wanted = NotificationPreference(account_id=world.account[part], email=f"{part}@example.vn", **wishes)
    async with sessions.begin() as session:
        session.add(wanted)


async def an_issue(sessions: Sessions, world: World) -> Any:
    async with sessions() as session:
        it = await makers.a_recommendation(session, world, await makers.a_campaign(session, world))
    await tell(sessions, await happen(sessions, world, it, "recommendation.issue"))
    return it


async def mails(sessions: Sessions) -> list[Mail]:
    async with sessions() as session:
        return list((await session.execute(select(Mail).order_by(col(Mail.id)))).scalars())


async def send_all(sessions: Sessions, post: Post) -> None:
    for it in await mails(sessions):
        await sending.send(sessions, it.id, post)


async def time_passes(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE mail SET next_try_at = now() WHERE next_try_at IS NOT NULL"))


async def test_a_notice_comes_in_both_languages_as_text_and_html(
    committed: Sessions, template: World, post: Post, mailbox: Mailbox
) -> None:
    await wish(committed, template, "addressee")
    it = await an_issue(committed, template)
    await send_all(committed, post)
    [letter] = mailbox.letters
    assert letter["To"] == "addressee@example.vn"
    assert letter["Subject"].startswith("[Giám sát] ")
    for kind in ("plain", "html"):
        part = letter.get_body((kind,))
        assert part is not None
        words = " ".join(part.get_content().split())
        assert it.action in words
        assert words.index("không trả lời") < words.index("do not reply")
    assert [(mail.state, mail.attempts) for mail in await mails(committed)] == [(MailState.SENT, 1)]


async def test_nothing_is_sent_to_those_who_do_not_want_it(committed: Sessions, template: World) -> None:
    await wish(committed, template, "addressee", notices=False)
    await an_issue(committed, template)
    assert await mails(committed) == []


async def test_a_letter_that_was_refused_is_sent_later_and_one_that_was_sent_is_not_sent_again(
    committed: Sessions, template: World, post: Post, mailbox: Mailbox
) -> None:
    await wish(committed, template, "addressee")
    await an_issue(committed, template)
    mailbox.refusals = 1
    await send_all(committed, post)
    [waiting] = await mails(committed)
    assert (waiting.state, waiting.attempts, waiting.sent_at) == (MailState.WAITING, 1, None)
    await time_passes(committed)
    async with committed.begin() as session:
        assert await sending.requeue_due(session) == 1
    await send_all(committed, post)
    await send_all(committed, post)
    assert len(mailbox.letters) == 1


async def test_a_second_copy_bears_the_same_message_id(
    committed: Sessions, template: World, post: Post, mailbox: Mailbox
) -> None:
    """As after a worker that died between the server's yes and its own note of it."""
    await wish(committed, template, "addressee")
    await an_issue(committed, template)
    await send_all(committed, post)
    async with committed.begin() as session:
        await session.execute(text("UPDATE mail SET state = 'waiting', next_try_at = now()"))
    await send_all(committed, post)
    assert len(mailbox.letters) == 2
    assert len({it["Message-ID"] for it in mailbox.letters}) == 1


async def test_whoever_lost_their_membership_gets_no_letter(
    committed: Sessions, template: World, post: Post, mailbox: Mailbox
) -> None:
    await wish(committed, template, "addressee")
    await an_issue(committed, template)
    async with committed.begin() as session:
        ended = text("UPDATE membership SET ended_on = '2020-01-01' WHERE account_id = :id")
        await session.execute(ended, {"id": template.account["addressee"]})
    await send_all(committed, post)
    assert mailbox.letters == []
    assert [it.state for it in await mails(committed)] == [MailState.DEAD]
