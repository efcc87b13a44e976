"""Words that say whom to leave alone, in a status or in the place of a name.

Who is blocked, has died or does not want to be called is not asked, wherever a list says so: one
ask too few is a small loss, one too many may ring at a widow's door.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from goodword_csv.headers.vocabulary import header_key
from goodword_csv.values.plain import Cell, text_of, word_set

_BLOCKED = word_set(
    "sperr block bloqu bloccat blokk zablok sparrad blacklist blocklist banned barred listenoire"
    " listanegra schwarzeliste zwartelijst czarnalista svartlist svartalist"
)
_NO_CONTACT = word_set(
    "donot dont nocontact nocall nichtkontakt nichtanruf nichtansprech nichtfragen nichtverwend"
    " nichtbenutz keinkontakt keinekontakt keineanruf keinewerbung kontaktverbot nepas pasdecontact"
    " nocontactar nollamar nousar noutilizar noncontatt nonchiam nonusare nietbenader nietbel"
    " nietgebruik nietcontact naocontact naoligar naousar niekontakt niedzwon nieuzywac ringinte"
    " ringej kontaktaej optout optedout neverask nevercontact nevercall unsubscribed abbestellt"
    " desabonne"
)
_DIED = word_set(
    "deceased passedaway verstorben gestorben decede defunt fallecid difunt overleden decedut"
    " falecid zmarl niezyje avliden"
)
_INSOLVENT = word_set("insolv bankrupt konkurs failli fallit quiebra upadlosc")
_REFUSES = re.compile("|".join(sorted(_BLOCKED | _NO_CONTACT | _DIED | _INSOLVENT)))
_FREED = re.compile(
    "unblock|entsperr|entblock|debloqu|desbloqu|sbloccat|odblok"
    "|(?:nicht|not|niet|nie|inte|ej)(?:ge)?(?:sperr|block|blok|zablok|banned|blacklist)"
)
"""What is no longer so, or never was, though it holds the words of what is."""
_LOOKED_AT = 200
"""Letters of a status or a remark that are looked at: a novel is neither."""
_WHOLE = word_set("dnc dnu rip tot dead dod died hasdied hedied shedied")
"""Words that count only where nothing else stands beside them."""

_MARKED = re.compile(
    r"(?<!\w)(?:do\s*n[o']?t\s+(?:use|call|contact|ask|phone|email|ring|disturb)"
    r"(?!\s+(?:back\s+)?(?:before|after|until|till|between|on|in|this|next)\s)|d\.?n\.?[cu]\.?"
    r"|nicht\s+(?:mehr\s+)?(?:verwenden|benutzen|anrufen|kontaktieren|ansprechen)"
    r"|ne\s+(?:pas|plus)\s+(?:utiliser|contacter|appeler)|no\s+(?:usar|utilizar|contactar|llamar)"
    r"|niet\s+(?:meer\s+)?(?:gebruiken|bellen|benaderen)|non\s+(?:usare|contattare|chiamare)"
    r"|nao\s+(?:usar|contactar|ligar)|nie\s+(?:uzywac|dzwonic|kontaktowac)"
    r"|deceased|verstorben\w?|gestorben|decedee?|fallecid[oa]|overleden|decedut[oa]|falecid[oa]"
    r"|zmarl[ya]|avliden|passed\s+away|r\.\s?i\.\s?p\.?|x{3,}|z{3,})(?!\w)|\u2020"
)
_NO_PERSON = re.compile(
    r"(?<!\w)(?:blocked|blacklisted|gesperrt\w?|bloquee?|bloquead[oa]|geblokkeerd|bloccat[oa]"
    r"|blockerad|zablokowan[ya]|duplicated?|dublette|doppelt|duplikat|doublon|duplicad[oa]"
    r"|duplicato|dubblett|deleted|geloscht|supprimee?|eliminad[oa]|verwijderd|inactive|inaktiv"
    r"|ungultig|obsolete|sample\s+contact|dummy|testkund\w|kundetest"
    r"|test\s+(?:customer|client|user|account|contact|person|order|entry))(?!\w)"
)
_NOBODY = re.compile(
    r"(?:[\W\d]*(?:test|testing|asdf\w*|qwert\w*|no\s+name|unknown|unbekannt|cash\s+sales?"
    r"|cash\s+customer|walk\W?ins?(?:\s+customer)?|laufkundschaft|barverkauf|barkunde|diverse"
    r"|client\s+comptoir|guest\s+checkout))+[\W\d]*"
)
"""Names that hold nothing but words for tries, and for people nobody wrote down."""
_HINTS = (
    *("not", "don't", "dont", "dnc", "dnu", "d.n", "nicht", "ne pas", "ne plus", "no usar"),
    *("no util", "no cont", "no llam", "niet", "non ", "nao ", "nie ", "deceas", "storben"),
    *("deced", "fallec", "overled", "falec", "zmarl", "avlid", "passed", "r.i", "r. i", "xxx"),
    *("zzz", "\u2020", "block", "bloqu", "blacklist", "gesperrt", "blok", "bloccat", "duplic"),
    *("dublet", "doppelt", "duplik", "doublon", "dubblet", "deleted", "gelosch", "supprim"),
    *("eliminad", "verwijd", "inacti", "inakti", "ungult", "obsolet", "sample", "dummy", "test"),
    *("asdf", "qwert", "no name", "unknown", "unbekannt", "cash", "walk", "laufk", "barv"),
    *("barkunde", "diverse", "comptoir", "guest", "rip"),
)
"""Parts of which every name holds one that is marked, or nobody's."""
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SHOUTED = re.compile(r"(?<!\w)(?:TEST|RIP)(?!\w)")


def status_refuses(cell: Cell) -> bool:
    """Say whether a status is one of people to be left alone, such as *gesperrt* or *deceased*."""
    text = text_of(cell)[:_LOOKED_AT]
    key = header_key(text).replace("\u0142", "l")
    if key in _WHOLE or text == "\u2020":
        return True
    return _REFUSES.search(_FREED.sub(" ", key)) is not None


def is_marked(text: str) -> bool:
    """Say whether a text holds a mark such as *DO NOT USE* or *Deceased* as words of its own."""
    return _MARKED.search(plain_letters(text)) is not None


def names_refusing(names: Iterable[str], *, of_companies: bool = False) -> frozenset[str]:
    """Return those of many names that `name_refuses` says yes to, in a tenth of its time.

    Nearly every list has none: all names are searched at once for what such a name must hold.

    Args:
        names: As they are written, on one line each.
        of_companies: They are those of companies.
    """
    written = [name for name in names if name]
    folded = plain_letters("\n".join(written)).split("\n")
    if len(folded) != len(written):
        return frozenset(name for name in written if name_refuses(name, of_company=of_companies))
    everything = "\n".join(folded)
    found = {
        name
        for hint in _HINTS
        if hint in everything
        for name, bare in zip(written, folded, strict=True)
        if hint in bare
    }
    return frozenset(name for name in found if name_refuses(name, of_company=of_companies))


def name_refuses(name: str, *, of_company: bool = False) -> bool:
    """Say whether a name holds a mark such as *DO NOT USE* or *Deceased*, or is nobody's name.

    Args:
        name: As it is written.
        of_company: It is a company's, where *Blocked Drains Ltd* is only a name.
    """
    bare = plain_letters(name)
    if _MARKED.search(bare):
        return True
    if of_company:
        return False
    if _NO_PERSON.search(bare) or _NOBODY.fullmatch(bare):
        return True
    return not name.isupper() and _SHOUTED.search(name) is not None


def plain_letters(text: str) -> str:
    """Lower-case letters without accents, and the signs between them."""
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
        text = text.replace("\u0142", "l").replace("\u0141", "l").replace("\u2019", "'")
    return text.casefold().replace("_", " ")
