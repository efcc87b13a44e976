"""Words for how things stand, brought to the few the canonical tables know."""

from __future__ import annotations

from goodword_csv.headers.vocabulary import header_key
from goodword_csv.values.plain import Cell, text_of

_Meanings = tuple[tuple[str, str], ...]

_DEAL: _Meanings = (
    ("open", "partiallypaid pending authorized unpaid quoted quote proposal negotiat prospect"),
    ("open", "notpaid incomplete notcomplete unfulfil notdeliver undeliver unbezahlt nichtbezahlt"),
    ("open", "impay nonpay nonpagat nopagad naopag onbetaald nietbetaald niezaplac niezapłac"),
    ("open", "nieoplac nieopłac ejbetal obetal nichtabgeschlossen nichterledigt nonpagad"),
    ("won", "closedwon partiallyrefunded"),
    ("lost", "lost refunded void cancel declin reject storniert verloren perdu annul perdid"),
    ("lost", "cancelad verworfen verlorengegangen afgewezen geannuleerd expired abandoned failed"),
    ("won", "won paid complete invoiced deliver fulfil gewonnen bezahlt abgeschlossen erledigt"),
    ("won", "gagne paye termine livre ganad pagad completad gewonnen betaald afgerond done sold"),
    ("open", "open new qualif appointment contract stage scheduled progress offen neu angebot"),
    ("open", "ouvert encours nouveau abiert nuev lopend lead draft demo meeting presentation"),
    ("lost", "annullat anulow avbruten rimborsat reembols zwrocon aterbetal przegran forlora"),
    ("won", "pagat pago oplac opłac zaplac zapłac zakoncz betald slutford levererad concluid"),
    ("won", "wygran vunnen ganh vinto"),
    ("open", "apert abert otwart oppen nuovo novo nowy preventiv orcament oferta offert inattesa"),
)
_CONTACT: _Meanings = (
    ("lost", "lost former churn inactive cancel verloren ehemalig inaktiv perdu ancien inactif"),
    ("lost", "perdid inactiv antigu verloren voormalig opgezegd unqualified ended closedaccount"),
    ("lost", "nichtaktiv nonactif noactiv nietactief notactive inattiv inativ nieaktywn utracon"),
    ("lost", "byly forlorad tidigare cessat gekundigt kundigung terminated left moved verzogen"),
    ("lost", "weggezogen ausgetreten resili rescindid debaja disdett uppsagd wypowied deadlead"),
    ("lost", "excustomer exclient exkunde dormant archiv accountclosed nolonger"),
    ("lead", "lead prospect new open attempted interessent neu nouveau nuevo nieuw potential"),
    ("lead", "opportunity marketingqualified salesqualified subscriber inprogress connected"),
    ("customer", "customer client active evangelist member kunde aktiv actif cliente activ klant"),
    ("customer", "klient kund aktywn attiv ativ"),
)
_TICKET: _Meanings = (
    ("open", "unresolved reopened notsolved notresolved ungelost nonresolu nichterledigt"),
    ("open", "nichtgelost nichtgeschlossen noresuelt nietopgelost onopgelost pasresolu notclosed"),
    ("open", "notfixed niezamkni nonrisolt naoresolvid nierozwiaz olost ejlost intelost apert"),
    ("open", "abert otwart oppen"),
    ("closed", "closed resolved solved done fixed complete geschlossen gelost erledigt ferme"),
    ("closed", "resolu cerrad resuelt gesloten opgelost afgehandeld finished settled"),
    ("closed", "chius risolt fechad resolvid zamkni rozwiaz stangd lost atgardad avslutad"),
    ("open", "open new pending progress waiting hold escalat offen neu bearbeitung ouvert"),
    ("open", "encours nouveau abiert pendiente nuev lopend nieuw investigating started"),
)
_REFERRAL: _Meanings = (
    ("lost", "lost declin notinterested nothing dead verloren perdu perdid rejected noreply"),
    (
        "lost",
        "nichtinteress keininteress pasinteress nointeres geeninteress noncliente nessuninteress",
    ),
    ("won", "won customer client closed sold bought signed gewonnen kunde gagne ganad klant"),
    ("won", "klient kund wygran vunnen vinto ganh"),
    ("met", "met meeting quoted quote proposal visited talked kennengelernt rencontr reunion"),
    ("received", "received new open pending contacted called erhalten neu recu recibid"),
    ("received", "ontvangen lead waiting offen offen nuevo nouveau nieuw introduced sent"),
)
_ACTIVITY: _Meanings = (
    ("thank_you", "thank danke merci gracias bedank"),
    ("results_review", "resultsreview resultreview reviewmeeting annualreview yearlyreview"),
    ("favour", "favour favor gefallen helped"),
    ("gift", "gift present hamper flowers geschenk cadeau regalo"),
    ("delivery", "deliver install handover lieferung livraison entrega levering completion"),
    ("delivery", "completed finished jobdone abgeschlossen termine terminado afgerond"),
    ("milestone", "milestone anniversary birthday jubil renewal meilenstein"),
    ("event", "event webinar party workshop seminar dinner veranstaltung evenement evento"),
    ("newsletter", "newsletter mailing rundbrief infolettre boletin nieuwsbrief"),
    ("visit", "visit onsite service maintenance wartung besuch visite visita bezoek"),
    ("meeting", "meeting appointment lunch coffee demo termin treffen rendezvous reunion"),
    ("email", "email mail courriel correo"),
    ("call", "call phone anruf telefon appel llamada gesprek bel"),
    ("note", "note notiz nota notitie comment"),
)
_PERSON: _Meanings = (
    ("partner", "partner supplier vendor affiliate lieferant fournisseur proveedor leverancier"),
    ("employee", "employee staff colleague mitarbeiter employe empleado medewerker internal"),
    ("customer", "customer client household kunde cliente klant buyer member homeowner patient"),
    ("other", "other friend family press sonstig autre otro anders competitor"),
)
_TICKET_KIND: _Meanings = (
    ("escalation", "escalat eskal"),
    ("complaint", "complain reklam beschwerde plainte reclam queja klacht"),
    ("ticket", "ticket question support incident problem bug request frage anfrage"),
)
_DEAL_KIND: _Meanings = (
    ("refund", "refund credit return chargeback erstatt gutschrift rembours reembolso abono"),
    ("renewal", "renew verlangerung renouvel renovacion verleng"),
    ("repeat", "repeat existing upsell crosssell bestand returning folge"),
    ("new", "new first neu nouveau nuev nieuw"),
)


def deal_status(cell: Cell) -> str | None:
    """``open``, ``won`` or ``lost``; None for words we do not know."""
    return _meaning(cell, _DEAL)


def deal_kind(cell: Cell) -> str | None:
    """``new``, ``repeat``, ``renewal`` or ``refund``; None for words we do not know."""
    return _meaning(cell, _DEAL_KIND)


def contact_status(cell: Cell) -> str | None:
    """``lead``, ``customer`` or ``lost``; None for words we do not know."""
    return _meaning(cell, _CONTACT)


def contact_kind(cell: Cell) -> str | None:
    """``customer``, ``partner``, ``employee`` or ``other``; None for words we do not know."""
    return _meaning(cell, _PERSON)


def ticket_status(cell: Cell) -> str | None:
    """``open`` or ``closed``; None for words we do not know."""
    return _meaning(cell, _TICKET)


def ticket_kind(cell: Cell) -> str | None:
    """``ticket``, ``complaint`` or ``escalation``; None for words we do not know."""
    return _meaning(cell, _TICKET_KIND)


def referral_status(cell: Cell) -> str | None:
    """``received``, ``met``, ``won`` or ``lost``; None for words we do not know."""
    return _meaning(cell, _REFERRAL)


def activity_kind(cell: Cell) -> str | None:
    """``call``, ``meeting``, ``email``, ``visit`` and so on; None for words we do not know."""
    return _meaning(cell, _ACTIVITY)


def _meaning(cell: Cell, meanings: _Meanings) -> str | None:
    """The first meaning of which a word is part of the text, by the order of the table."""
    key = header_key(text_of(cell))
    return next((m for m, words in meanings if key and any(w in key for w in words.split())), None)
