"""Exports of sales, invoices, surveys and meetings, and what their headers mean."""

from __future__ import annotations

from goodword_csv.headers.product import Product, product

RECORD_EXPORTS: tuple[Product, ...] = (
    product(
        "HubSpot deals",
        "deals",
        "Record ID, Deal Name, Deal Stage, Amount",
        """
        deal_id = Record ID
        deal_name = Deal Name
        status = Deal Stage
        amount = Amount
        date = Close Date
        created_at = Create Date
        owner = Deal owner
        contact_ids = Associated Contact IDs
        kind = Deal Type
        email = Associated Contact Email
        """,
        ignored="Associated Company IDs, Pipeline, Associated Contact, Associated Company",
    ),
    product(
        "Salesforce opportunities",
        "deals",
        "ID, STAGENAME, AMOUNT, CLOSEDATE",
        """
        deal_id = ID
        company_id = ACCOUNTID
        deal_name = NAME
        status = STAGENAME
        amount = AMOUNT
        date = CLOSEDATE
        kind = TYPE
        created_at = CREATEDDATE
        contact_id = CONTACTID
        cancelled = ISDELETED
        """,
        ignored="DESCRIPTION, EXPECTEDREVENUE, PROBABILITY, TOTALOPPORTUNITYQUANTITY",
    ),
    product(
        "Xero invoices",
        "invoices",
        "ContactName, InvoiceNumber, DueDate, Total",
        """
        invoice_id = InvoiceNumber
        name = ContactName
        email = EmailAddress
        amount = Total
        open_amount = InvoiceAmountDue
        issued_at = InvoiceDate
        due_at = DueDate
        currency = Currency
        status = Status
        """,
        ignored="POCity, Quantity, UnitAmount, Description, LineAmount, Type",
    ),
    product(
        "Shopify orders",
        "deals",
        "Name, Email, Financial Status, Fulfillment Status, Lineitem quantity",
        """
        deal_id = Name
        email = Email
        status = Financial Status
        date = Paid at
        created_at = Created at
        currency = Currency
        amount = Total
        refunded = Refunded Amount
        cancelled = Cancelled at
        name = Billing Name
        phone = Billing Phone
        phone = Phone
        company = Billing Company
        """,
        ignored="""Id, Accepts Marketing, Subtotal, Shipping, Taxes, Lineitem name, Lineitem price,
            Billing City, Shipping City, Notes, Source, Payment Method, Outstanding Balance, Vendor,
            Fulfilled at, Discount Code, Discount Amount, Tags""",
    ),
    product(
        "Square transactions",
        "deals",
        "Date, Time, Gross Sales, Net Total, Transaction ID, Customer ID",
        """
        deal_id = Transaction ID
        date = Date
        amount = Net Sales
        amount = Net Total
        contact_id = Customer ID
        name = Customer Name
        kind = Event Type
        """,
        ignored="""Time, Time Zone, Gross Sales, Discounts, Fees, Tax, Tip, Card, Cash, PAN Suffix,
            Card Brand, Description, Source, Customer Reference ID, Payment ID, Total Collected""",
    ),
    product(
        "SurveyMonkey",
        "feedback",
        "Respondent ID, Collector ID, Start Date, End Date",
        """
        feedback_id = Respondent ID
        date = End Date
        email = Email Address
        first_name = First Name
        last_name = Last Name
        """,
        ignored="Collector ID, Start Date, IP Address",
    ),
    product(
        "Typeform",
        "feedback",
        "#, Submitted At",
        """
        feedback_id = #
        date = Submitted At
        """,
        ignored="Token, Network ID, Start Date (UTC), Response Type, Tags, Ending",
    ),
    product(
        "Calendly",
        "activities",
        "Invitee Email, Event Type Name, Start Date & Time",
        """
        email = Invitee Email
        name = Invitee Name
        first_name = Invitee First Name
        last_name = Invitee Last Name
        kind = Event Type Name
        date = Start Date & Time
        owner = User Name
        cancelled = Canceled
        """,
        ignored="Team, Invitee Time Zone, Location, Cancellation reason",
    ),
)
"""Lists with one row a deal, invoice, answer or meeting."""
