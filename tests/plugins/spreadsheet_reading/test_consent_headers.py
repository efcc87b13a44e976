"""Columns that say who may be contacted: overlooking one would ask people who said no."""

from __future__ import annotations

import pytest

from goodword_csv.headers.vocabulary import role_of


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Do you agree to be contacted?", "consent"),
        ("May we contact you by phone?", "consent"),
        ("Customer is happy to be contacted", "consent"),
        ("Permission to contact (GDPR)", "consent"),
        ("Please do not contact me again", "opt_out"),
        ("Asked not to be contacted", "opt_out"),
        ("Has opted out of e-mail", "mail_opt_out"),
        ("Unsubscribed from newsletter", "mail_opt_out"),
        ("Agreed to e-mails", "mail_consent"),
    ],
)
def test_a_consent_column_is_recognised_however_it_is_asked(header: str, role: str) -> None:
    assert role_of(header) == role


@pytest.mark.parametrize(
    "header",
    ["Marketing contact status", "Primary contact", "American contact", "Cancellation contact"],
)
def test_other_columns_about_contacts_are_not_taken_for_consent(header: str) -> None:
    assert role_of(header) not in {"consent", "mail_consent", "opt_out", "mail_opt_out"}
