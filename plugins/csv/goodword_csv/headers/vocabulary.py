"""Header words people use, by meaning: English first, then German, French, Spanish and Dutch."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import chain

from goodword_csv.headers.further_words import FURTHER_WORDS

WORDS: dict[str, str] = {
    # who
    "who": "Who, Wer, Qui, Quién, Wie, Person",
    "row_id": "ID, Record ID, Id., Nr, No, Number, #, Numero, Identifiant, Nummer",
    "contact_id": """
        Contact ID, Customer ID, Client ID, Person ID, Lead ID, Customer No, Customer
        Number, Client No, Customer Code, Contact Number, Kundennummer, Kundennr, Kunden-Nr,
        Kunden ID, Numero client, N° client, ID client, ID cliente, Numero de cliente,
        Klantnummer, Klant nr, Klant ID, Contact id, Contact Record ID, Buyer ID, Associated
        Contact ID""",
    "contact_ids": "Contact IDs, Associated Contact IDs",
    "customer": """
        Customer, Client, Customer Name, Client Name, Contact Name, Contact, Full Name,
        FullName, Display Name, Buyer, Customer full name, Invitee Name, Respondent Name,
        Your name, What's your name?, What is your name?, Kunde, Kundin, Kundenname,
        Vollständiger Name, Ansprechpartner, Nom complet, Nom du client, Client nom,
        Cliente, Nombre del cliente, Nombre completo, Nombre y apellidos, Klant, Klantnaam,
        Volledige naam, Contactpersoon, Contacto, Billing Name, Homeowner, Property Owner,
        Patient, Patient Name, Member, Member Name, Student, Reviewer, Reviewer Name, Person
        - Name""",
    "name": "Name, Naam, Names, Vor- und Nachname",
    "first_name": """
        First Name, Firstname, Given Name, Forename, First, Vorname, Rufname, Prénom,
        Nombre, Nombre de pila, Voornaam, Invitee First Name, Person - First name, First
        Name (Billing)""",
    "last_name": """
        Last Name, Lastname, Surname, Family Name, Last, Nachname, Familienname, Nom, Nom de
        famille, Apellido, Apellidos, Achternaam, Invitee Last Name, Person - Last name,
        Last Name (Billing)""",
    "email": """
        Email, E-mail, Email Address, E-mail Address, Mail, Contact Email, Customer Email,
        Client Email, Primary Email, Work Email, Email 1, Invitee Email, Your email,
        E-Mail-Adresse, Mailadresse, Adresse e-mail, Adresse mail, Courriel, Correo, Correo
        electrónico, E-mailadres, Mail adres, Associated Contact Email, Who: Contact-email,
        Billing Email, Respondent Email, Person - Email, Your email address, What's your
        email?, What is your email address?, Person - Email (Work), Person - Email (Home),
        Email (Billing)""",
    "phone": """
        Phone, Phone Number, Telephone, Tel, Tel., Mobile, Mobile Phone, Mobile Phone
        Number, Cell, Cell Phone, Primary Phone, Contact Phone, Customer Phone, Client
        Phone, Phone numbers, Telefon, Telefonnummer, Handy, Mobil, Mobilnummer, Téléphone,
        Portable, Teléfono, Móvil, Celular, Telefoon, Telefoonnummer, Mobiel, GSM, SMS,
        Business Phone, Work Phone, Home Phone, Person - Phone, Numéro de téléphone, Phone
        (Billing), Person - Phone (Work), Person - Phone (Mobile)""",
    "company": """
        Company, Company Name, Organization, Organisation, Organization Name, Account,
        Account Name, Business, Business Name, Associated Company, Employer, Firm, Firma,
        Firmenname, Unternehmen, Société, Entreprise, Nom de l'entreprise, Empresa,
        Compañía, Bedrijf, Bedrijfsnaam, Organisatie, Organization - Name, Person - Organization,
        Deal - Organization, Company (Billing), Customer Company,
        Billing Company, Household""",
    "company_id": """
        Company ID, Account ID, AccountId, Organization ID, Primary Associated Company ID,
        Associated Company IDs, Account Name.id""",
    "owner": """
        Owner, Contact Owner, Who went, Visited by, Done by, Account Owner, Deal Owner,
        Record Owner, Sales Rep, Rep, Salesperson, Assigned To, Account Manager, Owner Name,
        Owner Email, Betreuer, Kundenbetreuer, Verantwortlich, Zuständig, Vertriebler,
        Responsable, Commercial, Propriétaire, Propietario, Vendedor, Eigenaar, Person -
        Owner, Deal - Owner, Looked after by, Looked after, Our contact person, Betreut von,
        Betreuerin, Suivi par, Atendido por, Behandeld door, Accountmanager,
        Verkoper, Advisor, Agent, Broker, Consultant""",
    "city": """
        City, Town, Mailing City, Billing City, Business City, Home City, Address City,
        Default Address City, Bill City, Stadt, Ort, Wohnort, Ville, Ciudad, Localidad, City
        (Billing),
        Plaats, Woonplaats, Stad, Suburb""",
    "job_title": """
        Job Title, Position, Role, Occupation, Profession, Organization Title,
        Berufsbezeichnung, Funktion, Beruf, Poste, Fonction, Cargo, Puesto, Functie,
        Functietitel""",
    "title": "Title, Titel, Titre, Título",
    "kind": """
        Type, Kind, Category, Art, Typ, Kategorie, Catégorie, Tipo, Categoría, Soort,
        Contact Type, Customer Type, Deal Type, Record Type, Transaction Type, Relationship""",
    "language": "Language, Sprache, Langue, Idioma, Taal, Locale, Preferred Language",
    "domain": """
        Website, Domain, Company Domain, Company Domain Name, Web, Webseite, URL, Site web,
        Sitio web, Dominio, Webadres, Homepage""",
    "industry": "Industry, Sector, Branche, Secteur, Secteur d'activité, Industria, Trade, Branch",
    "target": """
        Target, Target Company, Dream Client, Dream Customer, Prospect, Prospect Company,
        Wish List, Wunschkunde, Zielkunde, Zielfirma, Doelbedrijf, Empresa objetivo,
        Entreprise cible""",
    # may we
    "consent": """
        Consent, Contact Consent, May We Contact, OK to contact, Permission, Opt-in, Opt in,
        GDPR Consent, Einwilligung, DSGVO, Consentement, Consentimiento, Toestemming, Optin,
        Werbung erlaubt, Kontakt erlaubt, Anruf erlaubt, Kontakt gewünscht""",
    "mail_consent": """
        Accepts Email Marketing, Accepts Marketing, Marketing OK, Marketing allowed, Email
        Opt In, Email Opt-in, Newsletter, Subscribed, Marketing Consent, Email Consent,
        Person - Marketing status,
        Email Marketing Consent, Email subscriber status, Email subscription status,
        Nieuwsbrief, Boletín""",
    "opt_out": """
        Do Not Contact, Do Not Call, DoNotCall, DNC, Opt Out, Opted Out, Opt-out, No
        Contact, Nicht kontaktieren, Kontaktsperre, Ne pas contacter, No contactar, Niet
        benaderen, Niet bellen, Do not disturb, Blocked, Is blocked, Blocked on, Blocked at,
        Blocked since, Blocked date, Date blocked, Blacklist, Blacklisted, Banned, Gesperrt,
        Sperre, Sperrung, Sperrdatum, Werbesperre, Bloqué, Bloquée, Bloqué le, Bloquée le,
        Liste noire, Bloqueado, Bloqueada, Bloqueado el, Bloqueada el, Lista negra,
        Geblokkeerd, Geblokkeerd op, Blokkade, Zwarte lijst""",
    "mail_opt_out": """
        Email Opt Out, Email Opt-out, Has Opted Out Of Email, HasOptedOutOfEmail,
        Unsubscribed, Email Blacklisted, Unsubscribed from all email, Do Not Email,
        Abgemeldet, Désabonné, Désinscrit, Uitgeschreven, No enviar correos, Email
        Blocklisted""",
    "unsubscribed": "Unsub Time, Unsubscribed At, Unsubscribe Date, Unsubscribed On, Opt-out Date",
    "do_not_ask": """
        Do Not Ask, Don't ask, No Referral Asks, Nicht fragen, Ne pas demander, No
        preguntar, Niet vragen""",
    "left_company": "Left Company, No Longer There, Has Left, Former, Ausgeschieden, A quitté",
    # when
    "created": """
        Create Date, Created, Created At, Created On, Created Date, Date Created, Creation
        Date, CreatedDate, Added, Added Time, Added On, Date Added, Created (UTC),
        Created Date (UTC), Erstellt,
        Erstellt am, Angelegt am, Date de création, Créé le, Fecha de creación, Creado,
        Aangemaakt, Aanmaakdatum, Created Time""",
    "added": """
        Customer Since, Client Since, Member Since, Contact Since, Kunde seit, Client
        depuis, Cliente desde, Klant sinds, Connected On, Optin Time, Sign-up Date, Signup
        Date, Start date of customer, Joined, Join Date""",
    "date": """
        Date, Datum, Fecha, When, Order Date, Sale Date, Sales Date, Purchase Date,
        Transaction Date, Invoice Date, Job Date, Bestelldatum, Auftragsdatum,
        Rechnungsdatum, Verkaufsdatum, Date de commande, Date de vente, Fecha de compra,
        Fecha de venta, Besteldatum, Verkoopdatum, Factuurdatum, Kaufdatum, Date d'achat,
        Aankoopdatum""",
    "closed": """
        Close Date, Closed, Closed At, CloseDate, Closed On, Won Time, Won Date, Completion
        Date, Completed, Completed On, Date Completed, Job Completed, Abschlussdatum, Date
        de clôture, Fecha de cierre, Sluitdatum, Finished, Geschlossen am, Completed At,
        Delivery Date, Fermé le, Deal - Won time""",
    "last_contact": """
        Last Activity Date, Last Activity, Last Contacted, Last Contact, Last Contact Date,
        Last Touch, Last Call, Last Conversation, Letzter Kontakt, Dernier contact, Último
        contacto, Laatste contact, Last Spoke, Person - Last activity date""",
    # money
    "amount": """
        Amount, Total, Total Price, Price, Sum, Value, Deal Value, Deal Amount, Order Total,
        Job Total, Invoice Total, Net Total, Net Amount, Revenue, Sales, Gross Sales, Net
        Sales, Total Amount, Grand Total, Contract Value, Betrag, Umsatz, Summe, Preis,
        Gesamtbetrag, Auftragswert, Rechnungsbetrag, Montant, Montant TTC, Total TTC, Prix,
        Importe, Monto, Precio, Bedrag, Prijs, Totaal, Omzet, Wert, Valeur, Valor, Deal -
        Value, Fee, Premium, Commission, Order Total Amount""",
    "refunded": """
        Refunded Amount, Amount Refunded, Refund Amount, Refunded, Order Refund Amount, Total
        Refunded, Refund Total, Erstattet, Erstattungsbetrag, Erstatteter Betrag, Montant
        remboursé, Remboursé, Importe reembolsado, Reembolsado, Terugbetaald, Rimborsato,
        Zwrócono, Återbetalt""",
    "cancelled": """
        Cancelled, Canceled, Cancelled At, Canceled At, Cancelled On, Canceled On, Cancellation
        Date, Storniert, Storniert am, Abgesagt, Annulé, Annulé le, Cancelado, Cancelada,
        Geannuleerd, Annullato, Anulowano, Avbokad""",
    "margin": """
        Margin, Gross Margin, Profit, Gross Profit, Marge, Deckungsbeitrag, Rohertrag,
        Bénéfice, Margen, Beneficio, Winst, Brutomarge, Gewinn""",
    "currency": "Currency, Currency Code, Währung, Devise, Moneda, Divisa, Valuta, CurrencyIsoCode",
    "total_spent": """
        Total Spent, Total Spend, Lifetime Value, Lifetime Revenue, Lifetime Spend, Total
        Revenue, Total Sales, Spent, Spent to date, Total Paid, Amount Spent, LTV, CLV,
        Umsatz gesamt, Gesamtumsatz, CA total, Chiffre d'affaires, Total dépensé, Gasto
        total, Total gastado, Totale omzet, Totaal besteed, Ventas totales, Total Billed""",
    "orders_count": """
        Total Orders, Orders Count, Number of Orders, Orders, Order Count, Jobs, Number of
        Jobs, Job Count, Purchases, Number of Purchases, Anzahl Bestellungen, Anzahl
        Aufträge, Nombre de commandes, Número de pedidos, Pedidos, Aantal bestellingen,
        Aantal opdrachten, Projects, Number of Projects, Bookings, # Jobs, # Orders, Visits""",
    "first_purchase": """
        First Order, First Order Date, First Job, First Job Date, First Purchase, First
        Purchase Date, First Sale, Erster Auftrag, Erste Bestellung, Erstkauf, Première
        commande, Primera compra, Primer pedido, Eerste opdracht, Eerste bestelling, Eerste
        aankoop""",
    "last_purchase": """
        Last Order, Last Order Date, Last Job, Last Job Date, Last Purchase, Last Purchase
        Date, Last Sale, Last Service, Last Service Date, Latest Order, Most Recent Order,
        Letzter Auftrag, Letzte Bestellung, Letzter Kauf, Dernière commande, Dernier achat,
        Última compra, Último pedido, Laatste opdracht, Laatste bestelling, Laatste aankoop,
        Last Project, Last Invoice, Last Invoice Date, Last Invoiced, Letzte Rechnung,
        Letztes Rechnungsdatum, Dernière facture, Última factura, Laatste factuur, Last
        Visit, Last Visit Date, Letzter Besuch, Dernière visite, Última visita, Laatste
        bezoek""",
    # deals
    "what": "What, Was, Quoi, Qué, Wat",
    "deal_id": """
        Deal ID, Order ID, Order Number, Order No, Order #, Order, Opportunity ID,
        Transaction ID, Job ID, Job Number, Job #, Sale ID, Payment ID, Project ID,
        Bestellnummer, Auftragsnummer, Numéro de commande, Número de pedido, Bestelnummer,
        Ordernummer, Opdrachtnummer, Project #, Deal - ID""",
    "deal_name": """
        Deal Name, Opportunity Name, Deal, Deal Title, Deal - Title, Job Name, Project Name,
        Project, Product, Service, Description, Item, Job, Auftrag, Projekt, Produkt,
        Leistung, Projet, Produit, Proyecto, Producto, Opdracht, Dienst, Beschreibung, What
        was sold, Job Type, Work Done, Treatment, Policy""",
    "deal_status": """
        Deal Stage, Stage, Stage Name, StageName, Deal Status, Order Status, Financial
        Status, Pipeline Stage, Job Status, Payment Status, Phase, Étape, Etapa, Fase, Deal
        - Status, Won/Lost, Sales Stage""",
    "status": """
        Status, Lead Status, Contact Status, Customer Status, État, Statut, Estado, Stato,
        Account Status, Client Status, Client State, Membership Status, Member Status,
        Kundenstatus, Vertragsstatus, Statut client, Statut du client, Estado del cliente,
        Klantstatus, Referral Status, Ticket Status, Case Status, Invoice Status, Outcome, Result,
        Ergebnis""",
    "lifecycle": "Lifecycle Stage, Life Cycle Stage, Lebenszyklusphase",
    # what they said
    "nps": """
        NPS, NPS Score, Net Promoter Score, NPS Rating, Likelihood to recommend,
        Weiterempfehlung, Would you recommend us, NPS (0-10), NPS 0-10, Last NPS, Recommend
        score""",
    "csat": """
        CSAT, CSAT Score, Satisfaction, Customer Satisfaction, Satisfaction Rating,
        Satisfaction Score, Zufriedenheit, Kundenzufriedenheit, Satisfacción, Tevredenheid,
        Klanttevredenheid, How satisfied are you?, Overall satisfaction""",
    "review": """
        Review Rating, Stars, Star Rating, Google Rating, Review Score, Review Stars,
        Sterne, Étoiles, Estrellas, Sterren""",
    "score": "Score, Rating, Bewertung, Note client, Puntuación, Beoordeling, Punkte, Survey Score",
    "answered": """
        Submitted At, Submit Date, Submission Date, Timestamp, Response Date, Date
        Submitted, Answered At, Survey Date, Feedback Date, Review Date, Rated At,
        Zeitstempel, Horodateur, Marca temporal, Tijdstempel, Responded At, Submit Date
        (UTC), Review Created""",
    "last_answered": """
        NPS Date, NPS Score Date, Date of NPS, NPS on, NPS at, Last NPS
        Date, Last NPS Survey, Last Survey, Last Survey Date, Date of Survey, Surveyed,
        Surveyed On, Surveyed At, CSAT Date, Satisfaction Date, Date of Feedback, Last Feedback,
        Last Feedback Date, Score Date, Rating Date, Rated On, Last Rated, Date Rated, Last
        Response, Last Response Date, Last survey response, NPS-Datum, Datum NPS, Umfragedatum,
        Datum der Umfrage, Letzte Umfrage, Befragt am, Bewertet am, Bewertungsdatum, Datum der
        Bewertung, Feedback am, Feedback vom, Letztes Feedback, Date NPS, Date de l'enquête,
        Date du sondage, Dernière enquête, Dernier sondage, Date de réponse, Date de l'avis,
        Fecha NPS, Fecha de la encuesta, Fecha de encuesta, Última encuesta, Fecha de respuesta,
        Fecha de valoración, Enquêtedatum, Datum enquête, Laatste enquête, Datum beoordeling,
        Beoordeeld op""",
    "ended": "End Date, End Time, Ended, Enddatum, Date de fin, Fecha de fin, Einddatum",
    "feedback_id": """
        Respondent ID, Response ID, Feedback ID, Survey ID, Review ID, Submission ID, Answer
        ID, Response #""",
    # referrals
    "referrer": """
        Referred By, Referrer, Referrer Name, Recommended By, Referred From, Referral From,
        Introduced By, Who referred you, Empfohlen von, Empfehler, Empfehlungsgeber,
        Recommandé par, Parrain, Recomendado por, Referido por, Aanbevolen door,
        Doorverwezen door, Advocate, Who sent them""",
    "referrer_email": "Referrer Email, Referred By Email, Advocate Email, E-Mail Empfehler",
    "referrer_id": "Referrer ID, Referred By ID, Advocate ID",
    "referred": """
        Referred, Referred Person, Referred Contact, Referred Customer, Referral, Referral
        Name, Referred Name, Friend, Friend Name, New Customer, New Client, New Contact,
        Empfohlen, Empfohlene Person, Empfohlener, Empfohlener Kunde, Personne recommandée,
        Filleul, Referido, Recomendado, Aanbevolen persoon, Nieuwe klant, Neukunde, Who they
        sent, Who they referred, Introduced, Introduced to""",
    "referred_email": "Referred Email, Referral Email, Friend Email, Referred Person Email",
    "referred_id": "Referred ID, Referred Contact ID, Referred Customer ID",
    "referral_id": "Referral ID, Referral #, Referral No",
    "received": """
        Referral Date, Date Referred, Referred On, Received, Received On, Date Received,
        Empfehlungsdatum, Empfohlen am, Erhalten am, Date de recommandation, Fecha de
        recomendación""",
    "met": "Met, Met On, First Meeting, Meeting Date, Kennengelernt, Erstgespräch, Rencontré le",
    "won": "Won, Won On, Became Customer, Became Client, Gewonnen am, Gagné le, Ganado",
    "lost": "Lost, Lost On, Lost Date, Verloren am, Perdu le, Perdido",
    "source": """
        Source, Lead Source, Referral Source, Original Source, Quelle, Herkunft, Origine,
        Origen, Fuente, Bron, How did you hear about us?""",
    # service
    "happy": "Happy now?, Happy, Satisfied?, Solved well, Good solution, Zufrieden?, Content?",
    "ticket_id": """
        Ticket ID, Ticket #, Ticket Number, Ticket No, Case ID, Case Number, CaseNumber,
        Case #, Complaint ID, Complaint #, Issue ID, Vorgangsnummer, Ticketnummer, Numéro de
        ticket""",
    "opened": """
        Opened, Opened At, Opened On, Date Opened, Date/Time Opened, Reported, Reported On,
        Date Reported, Raised, Raised On, Complaint Date, Complained On, Open Date, Gemeldet
        am, Eröffnet, Geöffnet am, Ouvert le, Abierto, Gemeld op, Geopend, Open Time, Fecha
        de apertura""",
    "resolved": """
        Resolved, Resolved At, Resolved On, Date Resolved, Solved, Solved At, Fixed, Fixed
        On, Date Closed, Date/Time Closed, Gelöst, Gelöst am, Erledigt am, Résolu le,
        Resuelto, Opgelost, Opgelost op, Solved On""",
    "complaint": """
        Complaint, Issue, Problem, Complaint Text, Reklamation, Beschwerde, Plainte,
        Réclamation, Queja, Reclamación, Klacht, What went wrong, Incident""",
    # what happened
    "activity_id": "Activity ID, Task ID, Event ID, Engagement ID",
    "activity_date": """
        Activity Date, Call Date, Visit Date, Activity - Due date, Due Date Only, Start Date
        & Time, Logged On, Occurred At, Event Date, Aktivitätsdatum, Besuchsdatum,
        ActivityDate""",
    "activity_kind": """
        Activity Type, Activity, Activity Kind, Call Type, Task Type, Interaction,
        Interaction Type, Touch, Channel, Aktivität, Aktivitätstyp, Kanal, Activité,
        Actividad, Activiteit, Event Type Name, Event Type, Engagement Type, Contact Method""",
    "subject": """
        Subject, Activity - Subject, Topic, Summary, Betreff, Thema, Objet, Sujet, Asunto,
        Onderwerp""",
    "direction": "Direction, Inbound/Outbound, In/Out, Richtung, Dirección, Richting, Sens",
    # invoices
    "issued": "Sent, Sent On, Issued, Issue Date, Issued On, Date Sent, Verschickt am, Émise le",
    "invoice_id": """
        Invoice ID, Invoice Number, Invoice No, Invoice #, InvoiceNumber, Invoice,
        Rechnungsnummer, Rechnung, Rechnungsnr, Rechnung Nr, Numéro de facture, Facture,
        Número de factura, Factura, Factuurnummer, Factuur""",
    "due": """
        Due Date, Due, Due On, DueDate, Date Due, Payment Due, Fällig, Fällig am,
        Fälligkeit, Fälligkeitsdatum, Échéance, Date d'échéance, Vencimiento, Fecha de
        vencimiento, Vervaldatum""",
    "paid": """
        Paid At, Paid On, Date Paid, Paid, Paid Date, Payment Date, Bezahlt, Bezahlt am,
        Zahlungsdatum, Payé le, Date de paiement, Pagado, Fecha de pago, Betaald, Betaald op""",
    "open_amount": """
        Balance, Open Balance, Amount Due, Outstanding, Balance Due, Open Amount, Offener
        Betrag, Offen, Solde, Reste à payer, Saldo, Pendiente, Openstaand, Openstaand bedrag""",
}
"""Meaning of a header word to the words, separated by commas; case and punctuation do not count."""

LONG_QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nps", ("howlikely", "recommend")),
    ("nps", ("wahrscheinlich", "weiterempf")),
    ("nps", ("probab", "recommand")),
    ("nps", ("probab", "recomend")),
    ("nps", ("waarschijnlijk", "aanbev")),
    ("csat", ("howsatisfied",)),
    ("csat", ("howhappy",)),
    ("csat", ("wiezufrieden",)),
    ("csat", ("satisfait",)),
    ("csat", ("satisfech",)),
    ("csat", ("hoetevreden",)),
    ("nps", ("probabil", "consigli")),
    ("nps", ("prawdopodob", "poleci")),
    ("nps", ("sannolik", "rekommend")),
    ("csat", ("soddisfatt",)),
    ("csat", ("satisfeit",)),
    ("csat", ("zadowol",)),
    ("csat", ("nojdar",)),
    ("referrer", ("whoreferredyou",)),
    ("email", ("youremail",)),
    # A consent column that is overlooked would let us ask people who said no: read them widely,
    # refusals first, because they hold the same words.
    ("opt_out", ("gesperrt",)),
    ("opt_out", ("sperrvermerk",)),
    ("opt_out", ("sperrkennzeichen",)),
    ("opt_out", ("donot", "contact")),
    ("opt_out", ("dont", "contact")),
    ("opt_out", ("notto", "contact")),
    ("opt_out", ("nicht", "kontakt")),
    ("opt_out", ("nicht", "anruf")),
    ("opt_out", ("nicht", "angerufen")),
    ("opt_out", ("nomore", "contact")),
    ("opt_out", ("nepas", "contact")),
    ("opt_out", ("niet", "benader")),
    ("opt_out", ("noncontatt",)),
    ("mail_opt_out", ("unsubscribe",)),
    ("mail_opt_out", ("optout",)),
    ("mail_opt_out", ("optedout",)),
    ("consent", ("agree", "contact")),
    ("consent", ("happy", "contacted")),
    ("consent", ("maywe", "contact")),
    ("consent", ("canwe", "contact")),
    ("consent", ("permission", "contact")),
    ("consent", ("consent", "contact")),
    ("consent", ("durfenwir", "kontakt")),
    ("consent", ("darf", "kontaktiert")),
    ("consent", ("darf", "angerufen")),
    ("consent", ("maycontact",)),
    ("consent", ("oktocall",)),
    ("consent", ("einwillig", "kontakt")),
    ("consent", ("accept", "contacte")),
    ("consent", ("acepta", "contact")),
    ("mail_consent", ("optin",)),
    ("mail_consent", ("optedin",)),
    ("mail_consent", ("consent", "mail")),
    ("mail_consent", ("agree", "mail")),
)
"""Questions that stand as headers in survey exports: meaning and the parts its key must hold."""


def header_key(header: str) -> str:
    """Reduce a header to what tells it apart: lower-case letters and digits, no accents."""
    plain = unicodedata.normalize("NFKD", header.replace("ß", "ss").replace("#", " number "))
    return "".join(sign for sign in plain.lower() if sign.isalnum())


def role_of(header: str) -> str | None:
    """The meaning of a header in general vocabulary, or None."""
    key = header_key(header)
    role = _roles().get(key)
    if role is None:
        role = next((r for r, parts in LONG_QUESTIONS if all(p in key for p in parts)), None)
    return role


@cache
def _roles() -> dict[str, str]:
    roles: dict[str, str] = {}
    for role, words in chain(WORDS.items(), FURTHER_WORDS.items()):
        for word in words.split(","):
            roles.setdefault(header_key(word), role)
    return roles
