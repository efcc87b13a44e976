"""What a sheet can be and what its columns can mean: the fields goodword reads from a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Form = Literal[
    "id", "text", "email", "phone", "date", "money", "count", "yes_no", "filled", "nps", "csat"
]
"""How the cells of a field are read; ``filled`` is yes wherever anything stands."""

SheetName = Literal[
    "contacts", "deals", "feedback", "referrals", "tickets", "activities", "invoices", "targets"
]
"""What one sheet is a list of."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a sheet may tell us; *role* is the meaning of a header word, on any sheet."""

    name: str
    role: str
    form: Form
    doc: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of sheet with its fields; *needs* are roles of which one must be present."""

    name: SheetName
    doc: str
    fields: tuple[Field, ...]
    needs: tuple[str, ...]
    words: tuple[str, ...]

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


def _fields(text: str) -> tuple[Field, ...]:
    """Read ``name role form weight doc`` lines into fields; several roles are joined by ``|``."""
    fields = []
    for line in filter(str.strip, text.splitlines()):
        name, roles, form, weight, doc = line.split(maxsplit=4)
        fields += [Field(name, role, _FORMS[form], doc, int(weight)) for role in roles.split("|")]
    return tuple(fields)


_FORMS: dict[str, Form] = {form: form for form in get_args(Form)}

_PERSON = """
    contact_id contact_id id 0 Id of the person.
    email email email 0 E-mail of the person.
    phone phone phone 0 Phone of the person.
    name customer text 0 Full name of the person.
    first_name first_name text 0 First name.
    last_name last_name text 0 Last name.
    company company text 0 Company of the person.
    company_id company_id id 0 Id of the company.
"""

_CONTACTS = """
    contact_id contact_id|row_id id 1 Id of the person.
    name customer|name text 1 Full name.
    first_name first_name text 1 First name, for a greeting.
    last_name last_name text 1 Last name.
    email email email 2 Primary e-mail.
    phone phone phone 2 Primary phone.
    company company text 1 Company or household.
    company_id company_id id 0 Id of the company.
    owner owner text 1 Sales rep who looks after the person, by name or e-mail.
    city city text 1 Town.
    job_title job_title|title text 1 Role of the person.
    kind kind text 0 Customer, partner, employee or other.
    status lifecycle|status text 0 Lead, customer or lost.
    language language text 0 Language of the person.
    created_at created|added date 1 When the person entered the list.
    consent consent yes_no 1 May we contact this person.
    mail_consent mail_consent yes_no 1 May we send this person marketing mail.
    do_not_contact opt_out filled 1 Must not be contacted.
    mail_opt_out mail_opt_out yes_no 1 Must not be sent mail.
    unsubscribed_at unsubscribed filled 1 Has unsubscribed, wherever a date stands.
    do_not_ask do_not_ask yes_no 1 A rep ticked "do not ask".
    remark remark text 0 Whoever is blocked, dead or not to be contacted by its words is not asked.
    left_company left_company yes_no 0 The person no longer works there.
    purchases orders_count count 2 Number of purchases.
    first_purchase_at first_purchase date 2 First purchase.
    last_purchase_at last_purchase date 2 Latest purchase.
    total_spent total_spent money 2 Sum of purchases.
    currency currency text 0 Currency of the sum.
    last_contact_at last_contact date 1 Latest conversation.
    nps nps nps 1 Latest answer to "would you recommend us", 0 to 10.
    csat csat|grade csat 1 Latest satisfaction, 1 to 5.
    csat score csat 0 Latest satisfaction, 1 to 5.
    feedback_at answered date 0 When that answer was given.
    feedback_at last_answered date 2 When that answer was given.
    complaint complaint text 0 The person complained, wherever anything but a no stands.
    referred_by referrer text 2 Who put in a good word for this person.
"""

_ALL = (
    SheetKind(
        "contacts",
        "One row a person.",
        _fields(_CONTACTS),
        needs=(
            "email",
            "phone",
            "customer",
            "name",
            "first_name",
            "last_name",
            "total_spent",
            "orders_count",
            "last_purchase",
        ),
        words=("contact", "customer", "client", "people", "lead", "kunden", "klant", "subscriber"),
    ),
    SheetKind(
        "deals",
        "One row a deal, order or payment.",
        _fields(
            _PERSON
            + """
            deal_id deal_id|invoice_id|row_id id 3 Id of the deal; equal ids are one deal.
            contact_ids contact_ids id 1 Ids of the people, joined by a semicolon.
            deal_name deal_name|name|job_title|title|what text 1 What was sold.
            amount amount|total_spent money 4 Amount of the deal.
            refunded refunded money 1 What of the amount was given back.
            margin margin money 2 Gross margin.
            currency currency text 1 Currency of the amount.
            date closed|date|paid date 3 When it was won or paid.
            created_at created|opened date 1 When it was opened.
            status deal_status|status text 2 Open, won or lost.
            cancelled cancelled filled 0 Was called off, wherever a date or a yes stands.
            complaint complaint text 0 The customer complained, wherever anything but a no stands.
            paid paid text 0 The customer has paid, wherever a yes or a date stands.
            open_amount open_amount money 0 What the customer still owes.
            kind kind text 0 New, repeat, renewal or refund.
            owner owner text 0 Sales rep.
            """
        ),
        needs=("amount", "deal_status", "deal_id"),
        words=(
            "deal",
            "order",
            "sale",
            "job",
            "transaction",
            "opportunit",
            "umsatz",
            "verkauf",
            "bestell",
            "auftr",
            "vente",
            "commande",
            "venta",
            "pedido",
            "verkoop",
            "payment",
        ),
    ),
    SheetKind(
        "feedback",
        "One row a survey answer or review.",
        _fields(
            _PERSON
            + """
            feedback_id feedback_id|row_id id 2 Id of the answer.
            name name|who text 0 Full name of the person.
            nps nps|score nps 4 Would you recommend us, 0 to 10.
            csat csat csat 4 Satisfaction, 1 to 5.
            csat grade csat 1 Satisfaction, 1 to 5.
            review review csat 4 Stars of a public review, 1 to 5.
            date answered|last_answered|date|created|ended date 2 When it was given.
            """
        ),
        needs=("nps", "csat", "review", "score"),
        words=(
            "survey",
            "feedback",
            "nps",
            "csat",
            "review",
            "umfrage",
            "bewertung",
            "enquete",
            "encuesta",
            "enquête",
            "satisfaction",
        ),
    ),
    SheetKind(
        "referrals",
        "One row a referral.",
        _fields(
            """
            referral_id referral_id|row_id id 1 Id of the referral.
            referrer referrer|customer text 3 Who put in the good word.
            referrer_email referrer_email email 3 E-mail of the referrer.
            referrer_id referrer_id id 3 Id of the referrer.
            referred referred|name|who text 3 Who was referred.
            referred_email referred_email email 3 E-mail of the referred person.
            referred_id referred_id id 3 Id of the referred person.
            date date|created|received date 1 When the referral was received.
            status status|deal_status text 0 Received, met, won or lost.
            met_at met date 1 First meeting.
            won_at won date 1 First purchase of the referred person.
            lost_at lost date 1 When it came to nothing.
            source source text 0 Where the link comes from.
            """
        ),
        needs=("referred", "referred_email", "referred_id", "referrer", "referrer_email"),
        words=("referral", "referred", "empfehl", "recommand", "recomend", "aanbevel"),
    ),
    SheetKind(
        "tickets",
        "One row a ticket or complaint.",
        _fields(
            _PERSON
            + """
            ticket_id ticket_id|row_id id 4 Id of the ticket.
            name name|who text 0 Full name of the person.
            opened_at opened|created|date|received date 2 When it was raised.
            closed_at resolved|closed date 2 When it was resolved.
            status status text 1 Open or closed.
            kind kind text 0 Ticket, complaint or escalation.
            subject complaint|subject|title|what text 2 What it is about, one line.
            csat csat csat 0 How good the solution was, 1 to 5.
            positive happy yes_no 1 The person said the solution was good.
            """
        ),
        needs=("ticket_id", "complaint", "resolved", "opened"),
        words=(
            "ticket",
            "complaint",
            "case",
            "issue",
            "reklamation",
            "beschwerde",
            "reclam",
            "klacht",
            "support",
            "plainte",
            "queja",
        ),
    ),
    SheetKind(
        "activities",
        "One row a call, meeting, mail or note.",
        _fields(
            _PERSON
            + """
            activity_id activity_id|row_id id 3 Id of the activity.
            name name|who text 0 Full name of the person.
            date activity_date|date|created|ended date 1 When it happened.
            kind activity_kind|kind text 2 Call, meeting, email, note, visit or event.
            subject subject|title|what text 2 Subject line.
            owner owner text 0 The rep who did it.
            direction direction text 2 In or out.
            cancelled cancelled filled 0 Did not take place, wherever a date or a yes stands.
            """
        ),
        needs=("activity_kind", "activity_date", "subject", "activity_id", "direction", "kind"),
        words=(
            "activit",
            "task",
            "call",
            "meeting",
            "interaction",
            "touch",
            "visit",
            "aktivit",
            "besuch",
            "note",
            "email log",
            "termine",
        ),
    ),
    SheetKind(
        "invoices",
        "One row an invoice.",
        _fields(
            _PERSON
            + """
            invoice_id invoice_id|row_id id 3 Invoice number.
            name name|who text 0 Full name of the person.
            amount amount money 1 Amount of the invoice.
            open_amount open_amount money 3 What is still unpaid.
            currency currency text 0 Currency of the amount.
            issued_at issued|date|created date 0 When it was written.
            due_at due date 6 When it falls due.
            paid_at paid date 1 When it was paid.
            status status|deal_status text 0 Open, paid or overdue.
            """
        ),
        needs=("due", "invoice_id", "open_amount"),
        words=(
            "invoice",
            "rechnung",
            "facture",
            "factura",
            "factuur",
            "receivable",
            "offene posten",
        ),
    ),
    SheetKind(
        "targets",
        "One row a company the firm would like to be introduced to.",
        _fields(
            """
            company company|target|name text 2 Name of the company.
            contact customer text 0 Person there, if known.
            city city text 1 Town.
            domain domain text 1 Web domain.
            industry industry text 1 Branch of trade.
            """
        ),
        needs=("company", "target", "domain"),
        words=(
            "wish",
            "target",
            "wunsch",
            "ziel",
            "dream",
            "prospect",
            "cible",
            "doel",
            "objetivo",
        ),
    ),
)

SHEET_KINDS: dict[SheetName, SheetKind] = {kind.name: kind for kind in _ALL}
"""Every kind of sheet by name."""

OWN_HEADERS = (
    "Goodword id",
    "Goodword stage",
    "Goodword segment",
    "Goodword score",
    "Goodword next ask",
    "Goodword why",
    "Goodword do not ask",
)
"""The columns goodword writes itself; they are never read as the user's."""
