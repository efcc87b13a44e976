"""Names of months, weekdays and time zones as exports write them."""

from __future__ import annotations

from goodword_csv.values.plain import word_set

_BY_MONTH = (
    "january jan januar januari janvier janv enero ene jänner",
    "february feb februar februari février fevrier févr fevr fév fev febrero",
    "march mar märz maerz mrz mär maart mrt mars marzo",
    "april apr avril avr abril abr",
    "may mai mei mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug augustus août aout agosto ago",
    "september sep sept septembre septiembre setiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic",
)

MONTHS: dict[str, int] = {
    word: number for number, words in enumerate(_BY_MONTH, start=1) for word in words.split()
}
"""Lower-case month name to its number: English, German, French, Spanish and Dutch."""

WEEKDAYS = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa
    so lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim lunes martes
    miércoles jueves viernes sábado domingo mié jue vie sáb dom maandag dinsdag woensdag donderdag
    vrijdag zaterdag zondag ma wo vr za zo
    """
)
"""Lower-case weekday names in the same languages; they are checked, then ignored."""

ZONES: dict[str, int] = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
}
"""Hours from UTC of the zone names in RFC 2822 §4.3, and of central Europe."""
