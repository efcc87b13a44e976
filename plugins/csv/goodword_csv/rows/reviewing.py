"""Questions about who sent whom: what only a person can say, and what needs no asking."""

from __future__ import annotations

from dataclasses import dataclass

from goodword_csv.rows.identity import digest, folded
from goodword_csv.rows.name_book import NameBook, words_of
from goodword_csv.values.plain import word_set

_NOBODY = word_set(
    "nobody noone none nooneonthelist niemand keiner keine personne aucun nadie ninguno geen"
    " nessuno ninguem nikt ingen no nein non nee na nope unknown unbekannt"
    " inconnu desconocido onbekend sconosciuto desconhecido nieznany okand nessuna nada rien nichts"
)
_OF_ADDRESSES = word_set("www http https com co uk net org de at ch fr es it nl be pt pl se io eu")
"""Parts of a web address that say nothing of what it is."""
_NOTHING = frozenset("-\u2013\u2014/.")
"""Signs that people put where they have nobody to name."""
_CHANNELS = word_set(
    """
    google facebook instagram yelp linkedin tiktok youtube twitter bing nextdoor houzz trustpilot
    checkatrade angi thumbtack yell website web internet online search seo radio tv flyer leaflet
    newspaper magazine ad ads advert advertisement advertising billboard sign van walkin mailing
    newsletter email self me myself oneself himself herself themselves own selbst ich passing
    passerby driveby drovepast walkedin walkedpast yellow pages phonebook directory gelbe seiten
    branchenbuch moi lui mismo zelf samo exhibition tradeshow messe zeitung werbung webseite
    suche anzeige flugblatt
    publicite journal recherche salon site periodico anuncio publicidad busqueda feria krant
    advertentie zoeken beurs pubblicita giornale volantino anuncios jornal ulotka reklama tidning
    annons
    """
)
"""Ways to be found that are nobody's good word, one's own feet among them."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something about who sent whom that only a person can say.

    Attributes:
        key: Stable: the same words are asked about once; a name of one word once a customer.
        about: Ids of the people it concerns: who was sent, and who may have sent them.
        customer: Name of who was sent.
        wrote: What stands there.
        suggestions: People it may mean, as they are to be shown, the likeliest first.
    """

    key: str
    about: frozenset[str]
    customer: str
    wrote: str
    suggestions: tuple[str, ...]


def is_channel(text: str) -> bool:
    """Say whether it names a way to be found, such as a search engine, and no person."""
    words = [word for word in words_of(text) if word not in _OF_ADDRESSES]
    whole = folded(text)
    return whole in _CHANNELS or (bool(words) and all(word in _CHANNELS for word in words))


def means_nobody(text: str) -> bool:
    """Say whether an answer is "nobody", in any of our languages."""
    signs = set(text.strip().lower())
    return folded(text) in _NOBODY or (bool(signs) and signs <= _NOTHING)


def is_open(text: str) -> bool:
    """Say whether an answer only says that nobody knows it yet."""
    return bool(text.strip()) and not text.strip(" ?\u00bf")


def keys_of(wrote: str, contact: str | None) -> tuple[str, str]:
    """Return the keys under which words may have been asked about: for one customer, for all."""
    words = folded(wrote)
    return f"gwq-{digest(contact, words)}", f"gwq-{digest(words)}"


def question(book: NameBook, wrote: str, contact: str | None, customer: str) -> Question:
    """Ask who is meant.

    A first or last name alone may be another person for each customer, so it is asked for each;
    other words are asked about once.
    """
    people = book.nearest(wrote, besides=contact)
    own, everywhere = keys_of(wrote, contact)
    alone = len(words_of(wrote)) == 1 and bool(people)
    about = frozenset(p for p in (contact, *people) if p)
    labels = tuple(book.label(person) for person in people)
    return Question(own if alone else everywhere, about, customer, wrote, labels)
