"""What people write in a remark, or as an answer, about somebody to be left alone for good.

Whole phrases, not words: a *boiler that died* and *no calls before nine* are about something else.
A doubt holds back: one ask too few is a small loss, one too many may ring at a widow's door.
"""

from __future__ import annotations

import re

from goodword_csv.headers.refusals import is_marked, plain_letters, status_refuses
from goodword_csv.values.plain import Cell, text_of

_LOOKED_AT = 400
_THINGS = (
    "boiler battery pump engine motor phone line car van heater unit compressor fridge freezer oven"
    " server computer laptop screen printer fan light tv plant tree lawn bike machine akku heizung"
)
_NO_PERSON = re.compile(
    rf"(?<!\w)(?:{'|'.join(_THINGS.split())})s?\s+(?:(?:has|had|have|just|finally)\s+)*died"
)
_DIED = (
    r"died",
    r"(?:is|was|found)\s+dead",
    r"(?:ist|sind|war)\s+tot",
    r"lebt\s+nicht\s+mehr",
    r"(?:est|etait)\s+morte?",
    r"(?:murio|ha\s+muerto|e\s+mort[oa]|morreu|is\s+dood)",
    r"passed\s+(?:away|on)",
)
_WHEN = "before|after|on|during|until|till|between|at|in|yet|this|next|today|tomorrow|about|for"
_NO_CONTACT = (
    r"(?:do\s+not|don't|dont|never|stop)\s+(?:ever\s+)?"
    r"(?:call|contact|ask|phone|e-?mail|ring|text|visit|writ|bother|disturb)(?:ing|e|ting)?"
    rf"(?!\s+(?:(?:me|him|her|them|us|back)\s+)*(?:{_WHEN}))",
    r"no\s+(?:more\s+|further\s+)*(?:phone\s*)?(?:calls?|contact|mail|e-?mails?|mailings?|visits?"
    rf"|marketing|advertising)(?!\s+(?:{_WHEN}|from|address|details|info\w*|person|number|name"
    r"|known))",
    r"leave\s+(?:(?:me|him|her|them|us|it)\s+)?alone",
    r"opt(?:ed|s)?[\s-]?out",
    r"unsubscribed?",
    r"(?:removed?|take[ns]?|struck)\s+(?:(?:me|him|her|them|off|from|our|the|mailing)\s+)+list",
    r"(?:does\s+not|doesn't|did\s+not|didn't)\s+want\s+(?:to\s+be\s+\w+|to\s+hear|any|calls?|contact)",
    r"ni(?:cht|e)\s+(?:mehr\s+|wieder\s+)*(?:zu\s+)?(?:verwenden|benutzen|anrufen|kontaktieren"
    r"|ansprechen|anschreiben|anmailen|melden|besuchen|belastigen|fragen)",
    r"keine?n?\s+(?:weitere[nr]?\s+)?(?:kontakt\w*|anruf\w*|werbung|besuche?|mails?|briefe?)"
    r"(?!\s+(?:vor|nach|am|im|zwischen|daten|bekannt))",
    r"(?:will|mochte|wunscht)\s+(?:\w+\s+)?(?:nichts|nicht|keinen?)\s+mehr",
    r"in\s+ruhe\s+lassen",
    r"ne\s+(?:veut|souhaite|desire)\s+(?:plus|pas)",
    r"(?:plus|pas)\s+d(?:e\s+|')(?:appels?|contact|demarchage|pub\w*)",
    r"no\s+(?:quiere|desea)\s+(?:que|ser|mas|llamadas|contacto)",
    r"non\s+(?:vuole|desidera)\s+(?:piu|essere)",
    r"wil\s+(?:niet|geen)\s+(?:meer|contact|gebeld|benaderd)",
    r"geen\s+(?:contact|telefoontjes|reclame|mailings?)(?!\s+(?:voor|na|op))",
)
_AT_ODDS = (
    r"threat\w*",
    r"(?:law\s?suit|legal\s+action|small\s+claims|suing|sued)",
    r"to\s+court",
    r"(?:droht\w*|rechtsstreit|verklagt|klagt\s+gegen)",
    r"(?:won't|wont|will\s+not|will\s+never|refuses\s+to)\s+(?:work|deal|do\s+business)\s+with\s+us",
    r"(?:never\s+again|nie\s+wieder|plus\s+jamais|nunca\s+mas|mai\s+piu|nooit\s+meer)",
)
_LEAVE = re.compile(
    rf"(?<!\w)(?:{'|'.join((*_DIED, *_NO_CONTACT, *_AT_ODDS))})(?!\w)|\u2020(?=\s*\d|\s*$)"
)


def says_leave_alone(text: str) -> bool:
    """Say whether a text of several words asks, or tells, to leave somebody alone for good."""
    return _LEAVE.search(_NO_PERSON.sub(" ", plain_letters(text[:_LOOKED_AT]))) is not None


def remark_refuses(cell: Cell) -> bool:
    """Say whether a remark is about a person to be left alone; a *blocked drain* is not."""
    text = text_of(cell)[:_LOOKED_AT]
    if says_leave_alone(text):
        return True
    return status_refuses(text) and (" " not in text or is_marked(text))
