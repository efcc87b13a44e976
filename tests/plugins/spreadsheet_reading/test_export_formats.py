"""The exports people really have: what each is taken for, and the exact values read from it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from goodword_csv.guessing.guess import SheetGuess, guess_grid
from goodword_csv.layout.book import book_of, read_book
from goodword_csv.layout.grid import Grid
from goodword_csv.values.answers import consent_of, parse_counts, parse_nps, parse_yes_no
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.money import parse_money
from goodword_csv.values.people import parse_emails, parse_phones
from goodword_csv.values.plain import Column, id_of, text_of

EXPORTS = Path(__file__).parents[2] / "data" / "exports"

FORMATS = {
    "hubspot-contacts": (
        "contacts",
        "HubSpot contacts",
        "contact_id=0 first_name=1 last_name=2 email=3 phone=4 owner=5 company_id=6"
        " last_contact_at=7 status=8 created_at=10 company=11",
    ),
    "hubspot-deals": (
        "deals",
        "HubSpot deals",
        "deal_id=0 deal_name=1 status=2 amount=3 owner=4 contact_ids=6 date=7 created_at=8",
    ),
    "salesforce-contact-report": (
        "contacts",
        "Salesforce contact report",
        "first_name=1 last_name=2 email=3 phone=4 company=5 job_title=6 city=7",
    ),
    "salesforce-opportunities": (
        "deals",
        "Salesforce opportunities",
        "deal_id=0 cancelled=1 company_id=2 deal_name=3 status=5 amount=6 date=10 kind=11",
    ),
    "google-contacts": (
        "contacts",
        "Google Contacts",
        "first_name=0 last_name=2 company=10 job_title=11 email=18 phone=22",
    ),
    "outlook": (
        "contacts",
        "Outlook",
        "first_name=0 last_name=2 email=9 phone=14 company=15 job_title=17 city=19",
    ),
    "linkedin-connections": (
        "contacts",
        "LinkedIn connections",
        "first_name=0 last_name=1 email=3 company=4 job_title=5 created_at=6",
    ),
    "google-contacts-old": (
        "contacts",
        "Google Contacts (old)",
        "name=0 first_name=1 last_name=3 email=30 phone=34 company=36 job_title=37",
    ),
    "outlook-com": (
        "contacts",
        "Outlook",
        "first_name=0 last_name=2 email=8 phone=15 job_title=29 company=31 city=38",
    ),
    "shopify-customers-old": (
        "contacts",
        "Shopify customers (old)",
        "first_name=0 last_name=1 email=2 company=3 city=6 phone=12 mail_consent=13"
        " total_spent=14 purchases=15",
    ),
    "salesforce-contacts": (
        "contacts",
        None,
        "contact_id=0 company_id=2 last_name=3 first_name=4 name=6 city=7 phone=8 email=10"
        " job_title=11 mail_opt_out=14 do_not_contact=15 created_at=16 last_contact_at=17",
    ),
    "xero-invoices": (
        "invoices",
        "Xero invoices",
        "name=0 email=1 invoice_id=4 issued_at=6 due_at=7 amount=8 open_amount=11 currency=19"
        " status=22",
    ),
    "calendly": (
        "activities",
        "Calendly",
        "owner=0 name=2 first_name=3 last_name=4 email=5 kind=8 date=9 cancelled=13",
    ),
    "google-forms": ("feedback", None, "date=0 email=1 nps=2"),
    "mailchimp": (
        "contacts",
        "Mailchimp",
        "email=0 first_name=1 last_name=2 created_at=4 unsubscribed_at=15",
    ),
    "brevo": (
        "contacts",
        "Brevo",
        "email=0 last_name=1 first_name=2 phone=3 mail_opt_out=4 created_at=6",
    ),
    "quickbooks-customers": (
        "contacts",
        "QuickBooks customers",
        "company=0 phone=1 email=2 name=3",
    ),
    "quickbooks-sales-by-customer": ("deals", None, "name=0 date=1 amount=3"),
    "xero-contacts": (
        "contacts",
        "Xero contacts",
        "company=0 contact_id=1 email=2 first_name=3 last_name=4 city=7 phone=11",
    ),
    "shopify-customers": (
        "contacts",
        "Shopify customers",
        "contact_id=0 first_name=1 last_name=2 email=3 mail_consent=4 company=5 city=7 phone=9"
        " total_spent=11 purchases=12",
    ),
    "shopify-orders": (
        "deals",
        "Shopify orders",
        "deal_id=0 email=1 status=2 date=3 currency=7 amount=11 created_at=13 name=17 phone=18",
    ),
    "stripe-customers": (
        "contacts",
        "Stripe customers",
        "contact_id=0 email=1 name=2 phone=3 created_at=5 currency=10 total_spent=12 purchases=13",
    ),
    "square-transactions": (
        "deals",
        "Square transactions",
        "date=0 amount=5 deal_id=10 kind=14 contact_id=15 name=16",
    ),
    "zoho-contacts": (
        "contacts",
        "Zoho contacts",
        "contact_id=0 owner=2 first_name=3 last_name=4 company=5 company_id=6 email=7 phone=8"
        " created_at=10 mail_opt_out=11",
    ),
    "surveymonkey": (
        "feedback",
        "SurveyMonkey",
        "feedback_id=0 date=3 email=5 first_name=6 last_name=7 nps=9",
    ),
    "typeform": ("feedback", "Typeform", "feedback_id=0 name=1 email=2 nps=3 date=5"),
    "german-excel": (
        "contacts",
        None,
        "contact_id=0 first_name=1 last_name=2 email=3 phone=4 city=5 total_spent=6"
        " last_purchase_at=7 referred_by=8",
    ),
    "lonely-list": (
        "contacts",
        None,
        "name=0 email=1 phone=2 company=3 total_spent=4 last_purchase_at=5 referred_by=6",
    ),
    "referrals": ("referrals", None, "referrer=0 referred=1 date=2 status=3"),
    "complaints": (
        "tickets",
        None,
        "name=0 email=1 subject=2 opened_at=3 closed_at=4 status=5",
    ),
    "invoices": ("invoices", None, "invoice_id=0 name=1 email=2 amount=3 due_at=4 paid_at=5"),
    "calls": ("activities", None, "date=0 name=1 kind=2 subject=3 owner=4"),
    "wish-list": ("targets", None, "company=0 city=1 industry=2"),
}


def load(name: str) -> tuple[Grid, SheetGuess]:
    grid = read_book(EXPORTS / f"{name}.csv").grids[0]
    return grid, guess_grid(grid, file_name=name)


def column(name: str, field: str) -> Column:
    grid, guess = load(name)
    return grid.column(guess.columns[field].index)


def texts(name: str, field: str) -> list[str]:
    return [text_of(cell) for _, cell in column(name, field)]


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_is_recognised_with_its_columns(name: str) -> None:
    kind, product, columns = FORMATS[name]
    _, guess = load(name)
    assert (guess.kind, guess.product) == (kind, product)
    found = {field: column.index for field, column in guess.columns.items()}
    assert found == {pair.split("=")[0]: int(pair.split("=")[1]) for pair in columns.split()}
    assert guess.unsure == ()


def test_every_sample_export_is_listed_here() -> None:
    assert {path.stem for path in EXPORTS.glob("*.csv")} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_the_words_for_a_guess_quote_headers_and_never_a_value(name: str) -> None:
    grid, guess = load(name)
    words = " ".join(c.evidence for c in guess.columns.values()) + guess.evidence
    values = {text_of(cell) for row in grid.rows for cell in row.cells if len(text_of(cell)) > 6}
    assert not [value for value in values - set(grid.header) if value in words]


def test_hubspot_dates_in_two_styles_within_one_column() -> None:
    dates = parse_dates(column("hubspot-contacts", "last_contact_at"))
    assert dates.values == (datetime(2024, 3, 12, 9, 14), datetime(2024, 3, 15, 14, 30), None)
    assert dates.day_first is False
    assert not dates.problems


def test_hubspot_marketing_status_is_billing_and_no_consent() -> None:
    _, guess = load("hubspot-contacts")
    assert "Marketing contact status" in guess.ignored


def test_hubspot_deals_with_thousands_and_several_contacts() -> None:
    assert parse_money(column("hubspot-deals", "amount")).cents == (1240050, 98000, None)
    assert texts("hubspot-deals", "contact_ids")[0] == "9001;9002"


def test_a_salesforce_data_loader_file_that_is_not_utf8() -> None:
    book = read_book(EXPORTS / "salesforce-opportunities.csv")
    assert book.layout is not None
    assert book.layout.encoding == "cp1252"
    assert book.grids[0].rows[0].cells[4] == "Größe 20º"
    assert parse_dates(column("salesforce-opportunities", "date")).values[0] == datetime(2024, 4, 2)
    assert parse_money(column("salesforce-opportunities", "amount")).cents == (1240050, None)


def test_a_salesforce_report_ends_before_its_footer() -> None:
    grid, _ = load("salesforce-contact-report")
    assert [row.line for row in grid.rows] == [2, 3]
    assert [(skip.line, skip.reason, skip.lines) for skip in grid.skipped] == [
        (4, "blank", 1),
        (5, "footer", 2),
    ]


def test_google_contacts_with_several_values_in_one_cell() -> None:
    mails = parse_emails(column("google-contacts", "email"))
    assert mails.values == (("nora@brightroof.example", "nq@home.example"), ("ida@brandt.example",))
    phones = parse_phones(column("google-contacts", "phone"), region="GB")
    assert phones.values == (("+447700900123", "+442079460018"), ())
    grid, guess = load("google-contacts")
    assert [grid.header[i] for i in guess.columns["email"].also] == ["E-mail 2 - Value"]


def test_outlook_with_line_breaks_in_a_cell_and_three_mail_columns() -> None:
    grid, guess = load("outlook")
    assert [row.line for row in grid.rows] == [2, 4]
    assert [grid.header[i] for i in guess.columns["email"].also] == [
        "E-mail 2 Address",
        "E-mail 3 Address",
    ]


def test_old_google_contacts_with_several_values_and_starred_labels() -> None:
    mails = parse_emails(column("google-contacts-old", "email"))
    assert mails.values[0] == ("nora@brightroof.example", "nq@home.example")
    phones = parse_phones(column("google-contacts-old", "phone"), region="GB")
    assert phones.values == (("+447700900123", "+442079460018"), ())
    grid, guess = load("google-contacts-old")
    assert "Birthday" in guess.ignored
    assert [grid.header[i] for i in guess.columns["email"].also] == ["E-mail 2 - Value"]


def test_old_shopify_customers_keep_zeros_and_say_no() -> None:
    assert parse_yes_no(column("shopify-customers-old", "mail_consent")).values == ("yes", "no")
    assert parse_phones(column("shopify-customers-old", "phone")).values[0] == ("+447700900123",)
    assert id_of(read_book(EXPORTS / "shopify-customers-old.csv").grids[0].rows[0].cells[11]) == (
        "01067"
    )


def test_salesforce_contacts_who_opted_out_or_may_not_be_called() -> None:
    refused = [
        parse_yes_no(column("salesforce-contacts", field)).values
        for field in ("mail_opt_out", "do_not_contact")
    ]
    assert refused == [("no", "yes"), ("no", "no")]
    created = parse_dates(column("salesforce-contacts", "created_at")).values
    assert created[0] == datetime(2024, 3, 12, 9, 14)


def test_xero_repeats_the_total_on_every_line_of_an_invoice() -> None:
    assert texts("xero-invoices", "invoice_id") == ["INV-0001", "INV-0001", "INV-0002"]
    assert parse_money(column("xero-invoices", "amount")).cents == (24000, 24000, 6000)
    _, guess = load("xero-invoices")
    assert (guess.day_first, guess.currencies) == (True, ("GBP",))


def test_linkedin_below_its_preamble() -> None:
    grid, _ = load("linkedin-connections")
    assert grid.header_line == 4
    assert parse_dates(column("linkedin-connections", "created_at")).values == (
        datetime(2024, 10, 9),
        datetime(2024, 1, 15),
    )
    assert [(skip.line, skip.reason) for skip in grid.skipped] == [
        (1, "above the header"),
        (3, "blank"),
    ]


def test_an_unsubscribe_time_in_mailchimp_refuses_mail() -> None:
    left = parse_yes_no(column("mailchimp", "unsubscribed_at"), filled_means_yes=True).values
    assert [consent_of(allowed=(), refused=(one,)) for one in left] == ["unknown", "no"]


def test_brevo_is_day_first_even_where_no_value_settles_it() -> None:
    _, guess = load("brevo")
    assert guess.day_first is True
    dates = parse_dates(column("brevo", "created_at"), day_first=guess.day_first)
    assert dates.values == (datetime(2022, 4, 12, 9, 30), datetime(2022, 5, 3, 10))
    assert parse_yes_no(column("brevo", "mail_opt_out")).values == ("no", "yes")


def test_quickbooks_customers_between_title_and_footer() -> None:
    grid, _ = load("quickbooks-customers")
    assert [row.line for row in grid.rows] == [5, 7]
    assert grid.skipped[-1].reason == "footer"
    phones = parse_phones(column("quickbooks-customers", "phone"), region="US")
    assert phones.values[0] == ("+12025550143",)


def test_a_quickbooks_report_grouped_by_customer() -> None:
    grid, guess = load("quickbooks-sales-by-customer")
    assert grid.grouped
    assert texts("quickbooks-sales-by-customer", "name") == [
        "Quill Homes",
        "Quill Homes",
        "Ida Brandt",
    ]
    amounts = parse_money(column("quickbooks-sales-by-customer", "amount"))
    assert amounts.cents == (196017, 80000, -300)
    assert guess.day_first is False
    assert [(skip.line, skip.reason) for skip in grid.skipped][2:] == [
        (6, "group"),
        (9, "total"),
        (10, "group"),
        (12, "total"),
        (13, "total"),
        (14, "footer"),
    ]


def test_xero_keeps_the_zeros_in_front() -> None:
    assert texts("xero-contacts", "contact_id") == ["0042", "0043"]
    assert read_book(EXPORTS / "xero-contacts.csv").grids[0].rows[1].cells[8] == "01067"


def test_shopify_customers_lose_the_apostrophe_and_nothing_else() -> None:
    assert [id_of(cell) for _, cell in column("shopify-customers", "contact_id")] == [
        "7210448301122",
        "7210448301123",
    ]
    assert parse_phones(column("shopify-customers", "phone")).values[0] == ("+447700900123",)
    assert parse_yes_no(column("shopify-customers", "mail_consent")).values == ("yes", "no")
    assert parse_counts(column("shopify-customers", "purchases")).values == (3, 0)
    assert parse_money(column("shopify-customers", "total_spent")).cents == (196017, 0)


def test_a_shopify_order_with_two_lines_has_one_total() -> None:
    assert texts("shopify-orders", "deal_id") == ["#1001", "#1001", "#1002"]
    assert parse_money(column("shopify-orders", "amount")).cents == (10000, None, 2500)
    paid = parse_dates(column("shopify-orders", "date"))
    assert paid.values == (datetime(2026, 9, 3, 14, 15), None, datetime(2026, 9, 6, 3, 30))


def test_card_numbers_in_a_stripe_export_are_never_read() -> None:
    grid, guess = load("stripe-customers")
    read = {i for c in (*guess.columns.values(), *guess.unsure) for i in (c.index, *c.also)}
    assert not [grid.header[i] for i in read if "Card" in grid.header[i]]
    assert {"Card Number", "Card Last4", "Card Exp Month"} <= set(guess.ignored)
    assert guess.currencies == ("GBP",)


def test_refunds_in_square_are_negative_rows() -> None:
    assert parse_money(column("square-transactions", "amount")).cents == (3000, -300)


def test_surveymonkey_joins_its_two_header_rows() -> None:
    grid, _ = load("surveymonkey")
    assert grid.header[10:] == (
        "What did you like? - Speed",
        "What did you like? - Price",
        "What did you like?",
    )
    assert [row.line for row in grid.rows] == [3, 4]
    assert parse_nps(column("surveymonkey", "nps")).values == (9, 4)
    assert parse_dates(column("surveymonkey", "date")).values[0] == datetime(2026, 9, 14, 10, 2, 33)


def test_typeform_whose_header_begins_with_a_number_sign() -> None:
    assert texts("typeform", "feedback_id") == ["a1b2c3", "d4e5f6"]
    assert parse_dates(column("typeform", "date")).values[0] == datetime(2026, 5, 28, 17, 1, 33)


def test_a_european_sheet_with_a_sep_line_comma_amounts_and_cp1252() -> None:
    book = read_book(EXPORTS / "german-excel.csv")
    assert book.layout is not None
    assert (book.layout.encoding, book.layout.delimiter, book.layout.has_sep_line) == (
        "cp1252",
        ";",
        True,
    )
    assert [row.line for row in book.grids[0].rows] == [3, 4]
    amounts = parse_money(column("german-excel", "total_spent"))
    assert (amounts.cents, amounts.decimal) == ((196017, 123400), ",")
    assert amounts.currencies == ("EUR", "EUR")
    assert parse_dates(column("german-excel", "last_purchase_at")).values == (
        datetime(2025, 12, 31),
        datetime(2026, 4, 3),
    )


def test_our_own_columns_are_not_read_as_the_users() -> None:
    _, guess = load("lonely-list")
    assert guess.ignored == ("Referral stage",)


def test_a_mail_column_under_an_unknown_header_is_offered_and_not_taken() -> None:
    data = b"Name,Reach me,Birthday\nNora Quill,nora@quill.example,1980-01-02\n"
    guess = guess_grid(book_of(data, where="list.csv").grids[0])
    assert [(one.field, one.header) for one in guess.unsure] == [("email", "Reach me")]
    assert "email" not in guess.columns
    assert guess.ignored == ("Birthday",)


def test_a_header_that_its_values_contradict_is_left_to_the_user() -> None:
    data = b"Name,Email,Phone\nNora Quill,see notes,+12025550143\nIda Brandt,none yet,\n"
    guess = guess_grid(book_of(data, where="list.csv").grids[0])
    assert "email" not in guess.columns
    (unsure,) = guess.unsure
    assert (unsure.field, unsure.confidence) == ("email", 0.0)


def test_a_sheet_about_nothing_we_know_has_no_kind() -> None:
    data = b"Shelf,Colour\nA,red\nB,blue\n"
    guess = guess_grid(book_of(data, where="stock.csv").grids[0])
    assert guess.kind is None
    assert guess.ignored == ("Shelf", "Colour")


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [("Rating", "9", "nps"), ("Rating", "4", "csat"), ("Score", "★★★★★", "csat")],
)
def test_a_nameless_score_is_told_by_its_values(header: str, cell: str, field: str) -> None:
    data = f"Email,{header},Submitted At\nnora@quill.example,{cell},2026-01-02\n".encode()
    guess = guess_grid(book_of(data, where="survey.csv").grids[0])
    assert guess.kind == "feedback"
    assert guess.columns[field].header == header


@pytest.mark.parametrize(("highest", "said"), [(5, "scores from 1 to 5"), (10, "scores up to 10")])
def test_the_evidence_for_a_score_names_its_own_scale(highest: int, said: str) -> None:
    rows = "".join(f"p{n}@x.example,{n},2026-01-02\n" for n in range(1, highest + 1))
    data = f"Email,Satisfaction,Submitted At\n{rows}".encode()
    guess = guess_grid(book_of(data, where="survey.csv").grids[0])
    assert guess.columns["csat"].evidence == f"header 'Satisfaction'; 100 % look like {said}"


@pytest.mark.parametrize("header", ["Received", "Date received", "Received on"])
def test_the_day_a_complaint_was_received_is_its_day(header: str) -> None:
    data = f"Customer,Complaint,{header},Status\nNora Quill,Leak,2026-01-02,open\n".encode()
    guess = guess_grid(book_of(data, where="complaints.csv").grids[0])
    assert (guess.kind, guess.columns["opened_at"].header) == ("tickets", header)


@pytest.mark.parametrize(
    "header",
    [
        "Nom;Prénom;Courriel;Téléphone;Ville;Dernière commande;Recommandé par",
        "Apellidos;Nombre;Correo electrónico;Teléfono;Ciudad;Última compra;Recomendado por",
        "Achternaam;Voornaam;E-mailadres;Telefoon;Woonplaats;Laatste opdracht;Aanbevolen door",
        "Nachname;Vorname;E-Mail-Adresse;Handy;Wohnort;Letzter Kauf;Empfohlen von",
    ],
)
def test_headers_in_four_more_languages(header: str) -> None:
    row = "Quill;Nora;nora@quill.example;+447700900123;Leeds;2026-01-02;Ida Brandt"
    guess = guess_grid(book_of(f"{header}\n{row}\n".encode(), where="liste.csv").grids[0])
    assert guess.kind == "contacts"
    assert sorted((c.index, f) for f, c in guess.columns.items()) == [
        (0, "last_name"),
        (1, "first_name"),
        (2, "email"),
        (3, "phone"),
        (4, "city"),
        (5, "last_purchase_at"),
        (6, "referred_by"),
    ]
