"""Header words by meaning in Italian, Portuguese, Polish and Swedish."""

from __future__ import annotations

FURTHER_WORDS: dict[str, str] = {
    # who
    "who": "Chi, Quem, Kto, Vem",
    "row_id": "Identificativo, Identificador, Identyfikator",
    "contact_id": """
        ID cliente, Codice cliente, Numero cliente, Número de cliente, Código do cliente, ID do
        cliente, Numer klienta, Nr klienta, ID klienta, Kundnummer, Kundnr, Kund-ID""",
    "customer": """
        Nome completo, Nome cliente, Nominativo, Nome e cognome, Nome do cliente, Nome e apelido,
        Klient, Nazwa klienta, Imię i nazwisko, Kund, Kundnamn, För- och efternamn, Fullständigt
        namn, Kontaktperson""",
    "name": "Namn, Nazwa",
    "first_name": "Nome, Nome próprio, Primeiro nome, Imię, Förnamn, Tilltalsnamn",
    "last_name": "Cognome, Apelido, Sobrenome, Último nome, Nazwisko, Efternamn",
    "email": """
        Indirizzo e-mail, Indirizzo email, Posta elettronica, Endereço de e-mail, Correio
        eletrónico, E-mail do cliente, Adres e-mail, Adres email, Poczta e-mail, E-post,
        E-postadress, Epost, Mejl, Mejladress""",
    "phone": """
        Telefono, Cellulare, Numero di telefono, Telefone, Telemóvel, Número de telefone,
        Numer telefonu, Nr telefonu, Komórka, Telefon komórkowy, Telefonnr, Mobiltelefon""",
    "company": """
        Azienda, Ditta, Ragione sociale, Società, Nome azienda, Nome da empresa, Razão social,
        Spółka, Przedsiębiorstwo, Nazwa firmy, Företag, Företagsnamn, Bolag""",
    "owner": """
        Referente commerciale, Venditore, Agente, Vendedor responsável, Comercial, Opiekun,
        Seguito da, Acompanhado por, Handlowiec, Opiekun klienta, Säljare,
        Kundansvarig, Ansvarig säljare""",
    "city": "Città, Comune, Cidade, Localidade, Miasto, Miejscowość, Stad, Postort, Ort",
    "job_title": "Qualifica, Mansione, Ruolo, Função, Stanowisko, Befattning, Yrke",
    "kind": "Tipologia, Tipo cliente, Tipo de cliente, Rodzaj, Typ klienta, Kundtyp",
    "language": "Lingua, Língua, Język, Språk",
    "industry": "Settore, Setor, Ramo, Branża, Bransch",
    # may we
    "consent": """
        Consenso, Consenso privacy, Autorizzazione, Consentimento, Autorização, Zgoda, Zgoda na
        kontakt, Samtycke, RODO, RGPD""",
    "mail_consent": """
        Consenso marketing, Iscritto, Iscritto alla newsletter, Consentimento de marketing, Zgoda
        marketingowa, Zgoda na marketing, Nyhetsbrev, Marknadsföring""",
    "opt_out": """
        Non contattare, Non chiamare, Não contactar, Não ligar, Nie kontaktować, Nie dzwonić,
        Kontakta ej, Ring inte, Ring ej, Ta inte kontakt, Bloccato, Bloccata, Bloccato il,
        Bloccata il,
        Lista nera, Bloqueado em, Bloqueada em, Zablokowany, Zablokowana, Zablokowano, Blokada,
        Czarna lista, Spärrad, Spärrad den, Spärr, Blockerad, Svartlistad""",
    "mail_opt_out": """
        Disiscritto, Cancellato dalla newsletter, Cancelou subscrição, Wypisany, Wypisał się,
        Avregistrerad, Avprenumererad""",
    "do_not_ask": "Non chiedere, Não perguntar, Nie pytać, Fråga inte, Fråga ej",
    # when
    "created": """
        Creato il, Data creazione, Data di creazione, Criado em, Data de criação, Utworzono, Data
        utworzenia, Skapad, Skapad den, Skapat datum""",
    "added": "Cliente dal, Cliente desde, Klient od, Kund sedan",
    "date": """
        Data, Data ordine, Data vendita, Data fattura, Data da compra, Data da venda, Data da
        encomenda, Data zakupu, Data sprzedaży, Data zamówienia, Orderdatum, Köpdatum,
        Försäljningsdatum, Fakturadatum""",
    "last_contact": """
        Ultimo contatto, Último contacto, Último contato, Ostatni kontakt, Senaste kontakt, Senast
        kontaktad""",
    # money
    "amount": """
        Importo, Prezzo, Totale, Importo totale, Montante, Preço, Kwota, Cena, Wartość, Suma,
        Belopp, Summa, Pris, Ordervärde, Totalbelopp""",
    "margin": "Margine, Margem, Marża, Zysk, Marginal, Vinst, Lucro",
    "currency": "Moeda, Waluta",
    "total_spent": """
        Totale speso, Spesa totale, Fatturato totale, Fatturato cliente, Total gasto, Total de
        compras, Łączne wydatki, Suma zakupów, Wartość zakupów, Totalt spenderat, Total omsättning,
        Totala köp""",
    "orders_count": """
        Numero ordini, Numero di ordini, Ordini, Número de encomendas, Encomendas, Liczba
        zamówień, Liczba zakupów, Antal ordrar, Antal köp, Antal beställningar""",
    "first_purchase": """
        Primo acquisto, Primo ordine, Primeira compra, Primeira encomenda, Pierwszy zakup,
        Pierwsze zamówienie, Första köp, Första order""",
    "last_purchase": """
        Ultimo acquisto, Ultimo ordine, Ultimo intervento, Última encomenda, Última compra, Ostatni
        zakup, Ostatnie zamówienie, Ostatnie zlecenie, Senaste köp, Senaste order, Senaste
        beställning, Senaste jobb, Senaste uppdrag, Ultima fattura, Última fatura, Ostatnia
        faktura, Senaste faktura, Ultima visita, Ostatnia wizyta, Senaste besök""",
    # deals
    "what": "Cosa, O quê, Vad",
    "deal_id": """
        Numero ordine, N. ordine, Número da encomenda, Número do pedido, Numer zamówienia, Nr
        zamówienia, Beställningsnummer, Ordernr""",
    "deal_name": """
        Descrizione, Prodotto, Servizio, Lavoro, Descrição, Produto, Serviço, Opis, Produkty,
        Usługa, Beskrivning, Tjänst""",
    "status": """
        Stato, Stato cliente, Situação, Estado do cliente, Status klienta, Stan klienta,
        Kundstatus""",
    # what they said
    "csat": "Soddisfazione, Satisfação, Zadowolenie, Satysfakcja, Nöjdhet, Kundnöjdhet",
    "review": "Stelle, Estrelas, Gwiazdki, Stjärnor",
    "score": "Valutazione, Punteggio, Avaliação, Pontuação, Ocena, Wynik, Betyg, Poäng",
    "answered": """
        Data sondaggio, Data risposta, Data do inquérito, Data da resposta, Data ankiety, Data
        odpowiedzi, Enkätdatum, Svarsdatum, Informazioni cronologiche, Carimbo de data/hora,
        Sygnatura czasowa, Tidsstämpel, Data di risposta""",
    "last_answered": """
        Data NPS, NPS-datum, Data valutazione, Data da avaliação, Data oceny, Ultimo sondaggio,
        Último inquérito, Ostatnia ankieta, Senaste enkät""",
    # referrals
    "referrer": """
        Segnalato da, Consigliato da, Presentato da, Recomendado por, Indicado por, Referenciado
        por, Polecony przez, Polecający, Kto polecił, Rekommenderad av, Tipsad av,
        Rekommenderades av""",
    "referred": "Segnalato, Indicado, Polecony, Polecona osoba, Rekommenderad, Ny kund",
    "received": "Data segnalazione, Data da indicação, Data polecenia, Rekommendationsdatum",
    "source": "Fonte, Provenienza, Origem, Źródło, Källa",
    # service
    "complaint": "Reclamo, Lamentela, Reclamação, Queixa, Reklamacja, Skarga, Klagomål",
    "opened": "Aperto il, Aberto em, Zgłoszono, Data zgłoszenia, Öppnad, Anmäld",
    "resolved": """
        Risolto, Risolto il, Resolvido, Resolvido em, Rozwiązano, Data rozwiązania, Löst, Åtgärdad,
        Chiuso il, Fechado em""",
    # what happened
    "activity_kind": "Attività, Atividade, Aktywność, Rodzaj kontaktu, Aktivitetstyp",
    "subject": "Oggetto, Assunto, Temat, Ämne, Ärende",
    # invoices
    "invoice_id": """
        Numero fattura, N. fattura, Fattura, Número da fatura, Fatura, Numer faktury, Nr faktury,
        Faktura, Fakturanummer, Fakturanr""",
    "due": """
        Scadenza, Data scadenza, Data di scadenza, Data de vencimento, Termin płatności, Termin
        zapłaty, Förfallodatum, Förfaller""",
    "paid": """
        Pagato, Pagato il, Pago em, Data de pagamento, Zapłacono, Data zapłaty, Betald, Betald
        den""",
    "open_amount": "Da pagare, Importo residuo, Em dívida, Saldo em aberto, Do zapłaty, Att betala",
}
"""Meaning of a header word to the words, as in the vocabulary; a word it has means what it says."""
