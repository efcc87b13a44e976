"""Headers that may mean something else are asked about, never silently taken."""

from __future__ import annotations

import pytest

from goodword_csv.guessing.guess import SheetGuess, guess_grid
from goodword_csv.layout.book import book_of


def guess(text: str, name: str = "list.csv") -> SheetGuess:
    return guess_grid(book_of(text.encode(), where=name).grids[0], file_name=name)


def taken(one: SheetGuess) -> dict[str, str]:
    return {column.header: field for field, column in one.columns.items()}


def asked(one: SheetGuess) -> dict[str, str]:
    return {column.header: column.field for column in one.unsure}


@pytest.mark.parametrize("header", ["Last name day", "Price list", "Email sent", "Phone verified"])
def test_a_header_that_only_begins_like_one_we_know_is_not_read(header: str) -> None:
    found = guess(f"Name,Email,{header}\nNora Quill,nora@x.example,yes\nIda B,ida@x.example,no\n")
    assert header in found.ignored
    assert header in found.yes_no


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Member", ("yes", "no")),
        ("Contact", ("+44 7700 900123", "12")),
        ("Last", ("2026-01-02", "2026-02-03")),
        ("Position", ("1", "2")),
        ("Account", ("0042", "0043")),
        ("Title", ("Mrs", "Mr.")),
        ("Rating", ("4", "5")),
        ("Nr", ("1", "2")),
        ("#", ("1.", "2.")),
    ],
)
def test_values_that_a_header_does_not_promise_leave_it_to_the_user(
    header: str, cells: tuple[str, str]
) -> None:
    first, second = cells
    found = guess(
        f"{header},First Name,Email,Total spent\n"
        f"{first},Nora,nora@x.example,10\n{second},Ida,ida@x.example,20\n"
    )
    assert found.kind == "contacts"
    assert header not in taken(found)


@pytest.mark.parametrize("header", ["Customer no", "ID", "Customer ID"])
def test_an_id_that_happens_to_count_is_an_id(header: str) -> None:
    found = guess(f"{header},Name,Email\n1,Nora Quill,nora@x.example\n2,Ida B,ida@x.example\n")
    assert taken(found)[header] == "contact_id"


def test_addresses_under_the_header_contact_are_offered_as_addresses() -> None:
    found = guess("Contact,Phone\nnora@x.example,+447700900123\nida@x.example,\n")
    assert asked(found) == {"Contact": "email"}


def test_the_total_of_an_order_is_its_amount_and_the_price_of_one_is_not() -> None:
    rows = "Nora,2026-01-02,Pipe,2,10.00,20.00\nIda,2026-01-03,Pipe,3,10.00,30.00\n"
    found = guess(f"Customer,Date,Item,Quantity,Price,Total\n{rows}", "orders.csv")
    assert taken(found)["Total"] == "amount"
    assert "Price" in found.ignored
    alone = guess("Customer,Date,Item,Quantity,Price\nNora,2026-01-02,Pipe,2,10.00\n", "orders.csv")
    assert asked(alone) == {"Price": "amount"}


def test_the_only_name_column_is_the_whole_name_whatever_it_is_called() -> None:
    found = guess("Nombre;Teléfono;Total gastado\nNora Quill;+447700900123;12,50\n")
    assert taken(found)["Nombre"] == "name"


@pytest.mark.parametrize(
    "header",
    [
        "Cognome;Nome;E-mail;Cellulare;Città;Ultimo acquisto;Segnalato da;Consenso",
        "Apelido;Nome;E-mail;Telemóvel;Cidade;Última compra;Indicado por;Consentimento",
        "Nazwisko;Imię;E-mail;Telefon;Miasto;Ostatni zakup;Polecony przez;Zgoda na kontakt",
        "Efternamn;Förnamn;E-post;Mobil;Ort;Senaste köp;Rekommenderad av;Samtycke",
    ],
)
def test_headers_in_italian_portuguese_polish_and_swedish(header: str) -> None:
    row = "Quill;Nora;nora@quill.example;+447700900123;Leeds;2026-01-02;Ida Brandt;ja"
    found = guess(f"{header}\n{row}\n")
    assert found.kind == "contacts"
    assert [taken(found)[name] for name in header.split(";")] == [
        *("last_name", "first_name", "email", "phone", "city"),
        *("last_purchase_at", "referred_by", "consent"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Numero ordine;Data;Cliente;Importo;Stato",
        "Número da encomenda;Data;Cliente;Preço;Situação",
        "Nr zamówienia;Data;Klient;Kwota;Status",
        "Ordernummer;Datum;Kund;Belopp;Status",
    ],
)
def test_sales_in_italian_portuguese_polish_and_swedish(header: str) -> None:
    found = guess(f"{header}\n1001;2026-01-25;Nora Quill;1200,50;ok\n")
    assert found.kind == "deals"
    fields = [taken(found)[name] for name in header.split(";")]
    assert fields == ["deal_id", "date", "name", "amount", "status"]


@pytest.mark.parametrize(
    "header",
    [
        "Name;Phone;Last job;Total",
        "Kunde;Telefon;Letzter Auftrag;Umsatz",
        "Naam;Telefoon;Laatste opdracht;Omzet",
        "Nombre;Teléfono;Último pedido;Importe",
        "Nome;Telefono;Ultimo intervento;Importo",
        "Klient;Telefon;Ostatni zakup;Kwota",
    ],
)
def test_an_amount_beside_the_last_job_is_what_somebody_spent_in_all(header: str) -> None:
    found = guess(f"{header}\nNora Quill;+447700900123;2026-01-25;1200,50\n")
    assert found.kind == "contacts"
    fields = [taken(found)[name] for name in header.split(";")]
    assert fields == ["name", "phone", "last_purchase_at", "total_spent"]


def test_an_amount_beside_a_phone_alone_is_asked_about() -> None:
    found = guess("Name,Phone,Total\nNora Quill,+447700900123,12.50\n")
    assert found.kind == "contacts"
    assert asked(found) == {"Total": "total_spent"}


def test_an_amount_with_a_date_is_a_sale_of_the_person_named() -> None:
    found = guess("Name,Phone,Date,Total\nNora Quill,+447700900123,2026-01-25,12.50\n")
    assert found.kind == "deals"
    assert taken(found) == {"Name": "name", "Phone": "phone", "Date": "date", "Total": "amount"}
