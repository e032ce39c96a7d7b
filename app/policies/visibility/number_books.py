"""Who sees number books: the people who keep the papers of their body."""

from sqlalchemy import select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.number_book import DocumentNumber, NumberBook
from app.policies.actions import papers
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import VIEWS, Views


def number_books(who: Principal) -> Views:
    return [("full", among(NumberBook.body_id, papers(who)))]


def _of_own_book(who: Principal) -> Condition:
    books = select(col(NumberBook.id)).where(among(NumberBook.body_id, papers(who)))
    return col(DocumentNumber.number_book_id).in_(books)


def document_numbers(who: Principal) -> Views:
    return [("full", _of_own_book(who))]


VIEWS.update({NumberBook: number_books, DocumentNumber: document_numbers})
ACTORS[DocumentNumber] = lambda who: {Actor.AUTHOR_BODY: _of_own_book(who)}
