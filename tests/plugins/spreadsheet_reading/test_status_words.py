"""Words for how things stand, as exports write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from goodword_csv.headers import statuses
from goodword_csv.values.plain import Cell

Reader = Callable[[Cell], str | None]


@pytest.mark.parametrize(
    ("read", "words", "expected"),
    [
        (statuses.deal_status, "Closed Won|paid|Paid|Completed|Gewonnen|partially_refunded", "won"),
        (statuses.deal_status, "Closed lost|refunded|voided|Cancelled|Verloren|Perdu", "lost"),
        (statuses.deal_status, "Prospecting|pending|unpaid|Offen|Appointment scheduled", "open"),
        (statuses.deal_status, "|purple", None),
        (statuses.deal_status, "pagato|pago|zapłacono|opłacone|betald", "won"),
        (statuses.deal_status, "annullato|anulowane|avbruten|reembolsado", "lost"),
        (statuses.deal_status, "nicht bezahlt|unbezahlt|impayé|onbetaald|no pagado", "open"),
        (statuses.deal_status, "non pagato|não pago|niezapłacone|ej betald|incomplete", "open"),
        (statuses.ticket_status, "chiuso|resolvido|zamknięte|löst", "closed"),
        (statuses.ticket_status, "nicht gelöst|non risolto|aperto|ej löst|not closed", "open"),
        (statuses.contact_status, "klient|aktywny|attivo|ativo", "customer"),
        (statuses.contact_status, "nieaktywny|inattivo|nicht aktiv|förlorad", "lost"),
        (statuses.referral_status, "nicht interessiert|pas intéressé", "lost"),
        (statuses.deal_kind, "Refund", "refund"),
        (statuses.deal_kind, "New Customer|newbusiness", "new"),
        (statuses.deal_kind, "Existing Business", "repeat"),
        (statuses.deal_kind, "Payment", None),
        (statuses.contact_status, "Customer|Active|Kunde", "customer"),
        (statuses.contact_status, "Lead|New|OPEN|Prospect", "lead"),
        (statuses.contact_status, "Former customer|Inactive|Unqualified", "lost"),
        (statuses.contact_kind, "Partner|Supplier", "partner"),
        (statuses.contact_kind, "Customer", "customer"),
        (statuses.ticket_status, "Closed|Resolved|Gelöst", "closed"),
        (statuses.ticket_status, "Open|Unresolved|In progress|Reopened", "open"),
        (statuses.ticket_kind, "Complaint|Reklamation", "complaint"),
        (statuses.ticket_kind, "Escalated", "escalation"),
        (statuses.referral_status, "received|New", "received"),
        (statuses.referral_status, "Met", "met"),
        (statuses.referral_status, "Won|became customer", "won"),
        (statuses.referral_status, "Lost|not interested", "lost"),
        (statuses.activity_kind, "Call|Anruf|Phone call", "call"),
        (statuses.activity_kind, "Meeting|Coffee", "meeting"),
        (statuses.activity_kind, "Thank-you card", "thank_you"),
        (statuses.activity_kind, "Gift", "gift"),
        (statuses.activity_kind, "Home visit", "visit"),
    ],
)
def test_status_words(read: Reader, words: str, expected: str | None) -> None:
    assert {read(word) for word in words.split("|")} == {expected}
