"""Exports with one row a person, and what their headers mean."""

from __future__ import annotations

from goodword_csv.headers.product import Product, product

CONTACT_EXPORTS: tuple[Product, ...] = (
    product(
        "HubSpot contacts",
        "contacts",
        "Record ID, First Name, Last Name, Contact owner, Lead Status",
        """
        contact_id = Record ID
        first_name = First Name
        last_name = Last Name
        email = Email
        phone = Phone Number
        phone = Mobile Phone Number
        owner = Contact owner
        company_id = Primary Associated Company ID
        company = Associated Company
        last_contact_at = Last Activity Date
        status = Lifecycle Stage
        status = Lead Status
        created_at = Create Date
        job_title = Job Title
        city = City
        """,
        ignored="Marketing contact status",  # what HubSpot bills for, not what people agreed to
    ),
    product(
        "Salesforce contact report",
        "contacts",
        "First Name, Last Name, Account Name, Title, Mailing City",
        """
        first_name = First Name
        last_name = Last Name
        email = Email
        phone = Phone
        company = Account Name
        job_title = Title
        city = Mailing City
        """,
        ignored="Salutation",
    ),
    product(
        "Google Contacts",
        "contacts",
        "First Name, Last Name, Phonetic First Name, File As, E-mail 1 - Value",
        """
        first_name = First Name
        last_name = Last Name
        email = E-mail 1 - Value
        email = E-mail 2 - Value
        phone = Phone 1 - Value
        phone = Phone 2 - Value
        company = Organization Name
        job_title = Organization Title
        city = Address 1 - City
        """,
        ignored="Birthday, Notes, Labels, Nickname, File As, E-mail 1 - Label, Phone 1 - Label",
    ),
    product(
        "Google Contacts (old)",
        "contacts",
        "Name, Given Name, Family Name, Yomi Name, E-mail 1 - Value",
        """
        name = Name
        first_name = Given Name
        last_name = Family Name
        email = E-mail 1 - Value
        email = E-mail 2 - Value
        phone = Phone 1 - Value
        phone = Phone 2 - Value
        company = Organization 1 - Name
        job_title = Organization 1 - Title
        city = Address 1 - City
        """,
        ignored="Yomi Name, Notes, Language, Photo, Group Membership, E-mail 1 - Type, Location",
    ),
    product(
        "Outlook",
        "contacts",
        "First Name, Last Name, Middle Name, E-mail Address",
        """
        first_name = First Name
        last_name = Last Name
        email = E-mail Address
        email = E-mail 2 Address
        email = E-mail 3 Address
        phone = Mobile Phone
        phone = Primary Phone
        phone = Business Phone
        phone = Home Phone
        company = Company
        job_title = Job Title
        city = Business City
        city = Home City
        """,
        ignored="Title, Suffix, Department, Notes, Categories, Language, Location, Web Page",
    ),
    product(
        "LinkedIn connections",
        "contacts",
        "First Name, Last Name, Company, Position, Connected On",
        """
        first_name = First Name
        last_name = Last Name
        email = Email Address
        company = Company
        job_title = Position
        created_at = Connected On
        """,
        ignored="URL",
    ),
    product(
        "Mailchimp",
        "contacts",
        "Email Address, MEMBER_RATING, OPTIN_TIME, LEID",
        """
        email = Email Address
        first_name = First Name
        last_name = Last Name
        phone = Phone Number
        created_at = OPTIN_TIME
        unsubscribed_at = UNSUB_TIME
        """,
        ignored="""OPTIN_IP, CONFIRM_TIME, CONFIRM_IP, LATITUDE, LONGITUDE, GMTOFF, DSTOFF,
            TIMEZONE, CC, REGION, LAST_CHANGED, EUID, NOTES, TAGS, UNSUB_REASON,
            UNSUB_CAMPAIGN_TITLE""",
    ),
    product(
        "Brevo",
        "contacts",
        "EMAIL, EMAIL_BLACKLISTED, ADDED_TIME",
        """
        email = EMAIL
        first_name = FIRSTNAME
        last_name = LASTNAME
        phone = SMS
        mail_opt_out = EMAIL_BLACKLISTED
        created_at = ADDED_TIME
        """,
        ignored="SMS_BLACKLISTED, MODIFIED_TIME",
        day_first=True,
    ),
    product(
        "QuickBooks customers",
        "contacts",
        "Customer full name, Phone numbers, Bill address",
        """
        name = Full name
        company = Customer full name
        email = Email
        phone = Phone numbers
        """,
        ignored="Bill address, Ship address",
    ),
    product(
        "Xero contacts",
        "contacts",
        "ContactName, AccountNumber, EmailAddress, POAddressLine1",
        """
        contact_id = AccountNumber
        company = ContactName
        first_name = FirstName
        last_name = LastName
        email = EmailAddress
        phone = MobileNumber
        phone = PhoneNumber
        city = POCity
        """,
        ignored="POAttentionTo, FaxNumber, SkypeName, BankAccountName, BankAccountNumber",
    ),
    product(
        "Shopify customers",
        "contacts",
        "First Name, Last Name, Accepts Email Marketing, Total Spent, Total Orders",
        """
        contact_id = Customer ID
        first_name = First Name
        last_name = Last Name
        email = Email
        phone = Phone
        phone = Default Address Phone
        company = Default Address Company
        company = Company
        city = Default Address City
        city = City
        mail_consent = Accepts Email Marketing
        total_spent = Total Spent
        purchases = Total Orders
        """,
        ignored="Accepts SMS Marketing, Note, Tags, Tax Exempt",
    ),
    product(
        "Shopify customers (old)",
        "contacts",
        "First Name, Last Name, Province Code, Accepts Marketing, Total Spent, Total Orders",
        """
        first_name = First Name
        last_name = Last Name
        email = Email
        phone = Phone
        company = Company
        city = City
        mail_consent = Accepts Marketing
        total_spent = Total Spent
        purchases = Total Orders
        """,
        ignored="Note, Tags, Tax Exempt",
    ),
    product(
        "Stripe customers",
        "contacts",
        "id, Email, Created (UTC), Delinquent, Total Spend",
        """
        contact_id = id
        email = Email
        name = Name
        phone = Phone
        created_at = Created (UTC)
        currency = Currency
        total_spent = Total Spend
        purchases = Payment Count
        """,
        ignored="""Description, Default Card, Card Number, Card ID, Card Last4, Card Brand, Card
            Fingerprint, Card Exp Month, Card Exp Year, Delinquent, Default Source""",
    ),
    product(
        "Zoho contacts",
        "contacts",
        "Record Id, First Name, Last Name, Account Name, Account Name.id",
        """
        contact_id = Record Id
        first_name = First Name
        last_name = Last Name
        company = Account Name
        company_id = Account Name.id
        email = Email
        phone = Mobile
        phone = Phone
        owner = Contact Owner
        job_title = Title
        city = Mailing City
        mail_opt_out = Email Opt Out
        created_at = Created Time
        """,
        ignored="Salutation, Contact Owner.id, Mailing Street",
    ),
)
"""Contact lists of CRMs, address books, mailing tools and shops."""
