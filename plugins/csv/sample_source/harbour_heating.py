"""Everybody and everything in the invented firm "Harbour Heating", as tables of text.

Nobody here exists: names are made up, mail addresses end in example.com, .org or .net, and the
phone numbers are from ranges kept free for drama. The firm's "today" is Friday 2026-11-20. Rows
that end in an ask, a wait or a thank-you on that day are written out by hand; the quiet everyday
history of everybody else is filled in by ``history.py``.
"""

from __future__ import annotations

# no | name | e-mail | phone | company | town | account manager | marketing ok | since | notes
CUSTOMERS = """
C-1001|Fiona MacLeish|fiona.macleish@example.com|0117 496 0101||Saltmouth|Moira Kerr|yes|2024-03-12|Likes a call before 9
C-1002|Sanjay Wickremasinghe|S.Wickremasinghe@Example.org|+44 117 496 0102||Gullport|Tom Adeyemi|yes|2024-05-02|
C-1003|Agnieszka Nowicka|agnieszka@copperkettle.example.net|0117 496 0103|Copper Kettle Café|Saltmouth|Priya Nair|Yes|2024-02-20|Kitchen closes at 3, come after
C-1004|Dafydd Prosser|dafydd.prosser@example.com|(0117) 496 0104||Wickmere|Moira Kerr|yes|2025-01-16|
C-1005|Margaret Ashdown-Tull|margaret@seaview-lettings.example.com|0117 496 0105 ext 12|Seaview Lettings|Saltmouth|Tom Adeyemi|YES|2024-01-22|14 flats on Harbour Parade, review every November
C-1006|Owen Trelawney|owen.trelawney@example.org|0117 496 0106||Fernleigh|Priya Nair|yes|2026-08-12|New boiler, first job with us
C-1007|Rajiv Menon|rajiv.menon@example.com|0044 117 496 0107||Saltmouth|Priya Nair|yes|2024-04-18|Always happy to talk
C-1008|Farida Rahman|farida.rahman@example.net|0117 496 0108||Oldquay|Moira Kerr||2024-06-06|
C-1009|Callum Baird|callum.baird@example.com|+44 (0)117 496 0109|Baird Joinery|Gullport|Tom Adeyemi|yes|2024-09-11|
C-1010|Jonah Petrie|jonah.petrie@example.org|0117 496 0110||Marsh End|Priya Nair|yes|2024-07-25|
C-1011|Marcus Abiola|marcus@abiolabakery.example.com|0117 496 0111|Abiola & Sons Bakery|Saltmouth|Moira Kerr|y|2025-02-13|Came through Rajiv
C-1012|Seren Hughes|seren.hughes@example.com|0117-496-0112||Wickmere|Priya Nair|yes|2026-11-17|
C-1013|Colin Peverell|colin@seaview-lettings.example.com|0117 496 0105 ext 14|Seaview Lettings|Saltmouth|Tom Adeyemi|yes|2024-01-22|Does the keys at Seaview
C-1014|Ingrid Halvorsen|ingrid.halvorsen@example.com|0117 496 0114||Saltmouth|Moira Kerr|yes|2024-08-15|
C-1015|Bhavesh Solanki|bhavesh.solanki@example.org|0117 496 0115 / 020 7946 0115|Solanki Pharmacy|Gullport|Tom Adeyemi|yes|2024-10-03|Second number is the shop
C-1016|Desmond Okafor|desmond.okafor@example.com|0117 496 0116||Oldquay|Priya Nair|yes|2024-11-20|
C-1017|Ruth Galbraith|ruth.galbraith@example.net|0117 496 0117||Saltmouth|Moira Kerr|yes|2025-03-06|
C-1018|Piotr Zieliński|piotr.zielinski@example.com|0117 496 0118||Fernleigh|Tom Adeyemi||2025-05-22|
C-1019|Hamish Dunbar|hamish.dunbar@example.org|0117 496 0119|Dunbar Guest House|Marsh End|Priya Nair|yes|2024-03-28|6 rooms, busy May to September
C-1020|Leonie Marchetti|leonie.marchetti@example.com|0117 496 0120||Saltmouth|Moira Kerr|No|2024-05-30|Lovely customer, wants no mailings at all
C-1021|Gwen Tregarth|gwen@tregarth-dental.example.org|0117 496 0121|Tregarth Dental|Saltmouth|Tom Adeyemi|yes|2024-02-08|
C-1022|Nasreen Chaudhry|nasreen.chaudhry@example.com|0117 496 0122||Gullport|Priya Nair|yes|2024-12-05|
C-1023|Kirsty Lamont|kirsty.lamont@example.net|0117 496 0123||Wickmere|Moira Kerr|yes|2026-10-02|
C-1024|Edwin Baxter|edwin@baxterlowe.example.com|0117 496 0124|Baxter & Lowe Solicitors|Saltmouth|Tom Adeyemi|yes|2024-06-20|Invoices go to accounts@
C-1025|Harriet Blythe|harriet.blythe@example.com|0117 496 0125||Saltmouth|Moira Kerr|yes|2024-04-04|
C-1026|Anneliese Vogt|anneliese.vogt@example.org|0117 496 0126||Fernleigh|Tom Adeyemi|yes|2024-07-11|
C-1027|  Moses   Kariuki |MOSES.KARIUKI@EXAMPLE.COM|0117 496 0127||Oldquay|Priya Nair|yes|2024-09-26|
C-1028|Agnes Boyle|agnes.boyle@example.com; a.boyle@example.org|0117 496 0128||Marsh End|Moira Kerr|yes|2025-06-12|
C-1029|Thandiwe Mokoena|thandiwe.mokoena@example.com|0117 496 0129|Little Anchors Nursery|Saltmouth|Priya Nair|yes|2024-08-29|Only outside nursery hours
C-1030|Gordon Strachey|gordon.strachey@example.net|0117 496 0130||Gullport|Tom Adeyemi||2024-05-16|
C-1031|Yusuf Demirel|yusuf@harbourgrill.example.com|0117 496 0131|Harbour Grill|Saltmouth|Moira Kerr|yes|2025-04-10|
C-1032|Catriona Sewell|catriona.sewell@example.com|0117 496 0132||Wickmere|Priya Nair|no|2024-11-07|
C-1033|Henrik Lindqvist|lindqvist.family@example.com|0117 496 0133||Fernleigh|Tom Adeyemi|yes|2024-10-17|
C-1034|Birgit Lindqvist|lindqvist.family@example.com|0117 496 0133||Fernleigh|Tom Adeyemi|yes|2024-10-17|Same house as Henrik
C-1035|Devika Raman|devika.raman@example.org|tel: 0117 496 0135||Saltmouth|Priya Nair|yes|2025-07-03|
C-1036|Alasdair Finlayson|alasdair.finlayson@example.com|0117 496 0136||Oldquay|Moira Kerr||2024-01-30|
C-1037|Tomasz Kowal|tomasz.kowal@example.net|4.41175E+11||Gullport|Tom Adeyemi|yes|2025-08-21|Phone got spoilt in the old list
C-1038|O'Brien, Siobhan|siobhan.obrien@example.com|0117 496 0138||Saltmouth|Priya Nair|yes|2024-06-27|
C-1039|Winston Pryce|winston.pryce@example.org|0117 496 0139|Pryce Motors|Marsh End|Moira Kerr|yes|2024-09-05|
C-1040|Meera Joshi|meera.joshi@example.com|0117 496 0140||Wickmere|Tom Adeyemi|yes|2025-01-23|
C-1041||info@lighthouse-yoga.example.com|0117 496 0141|Lighthouse Yoga|Saltmouth|Priya Nair|yes|2025-02-27|Ask for the new manager's name
C-1042|Rory Calder|rory.calder@example.net|0117 496 0142||Gullport|Moira Kerr|yes|2024-12-12|
C-1043|Ewa Szymańska|ewa.szymanska@example.com|0117 496 0143||Oldquay|Tom Adeyemi||2025-03-20|
C-1044|Bronwen Pugh|bronwen.pugh@example.org|0117 496 0144|St Brannock's Care Home|Saltmouth|Priya Nair|yes|2024-02-15|Gas check every quarter
C-1045|Imran Qureshi|imran.qureshi@example.com|0117 496 0145||Fernleigh|Moira Kerr|yes|2025-09-18|
C-1046|Dr. Nuala Kearney|nuala.kearney@example.net|0117 496 0146||Saltmouth|Tom Adeyemi|yes|2024-07-18|
C-1047|=HYPERLINK("http://example.com","Click me")|contact-form@example.org|0117 496 0147|||||2025-10-09|Came in through the web form like this
C-1048|Stanley Thorne|stanley.thorne@example.com|0117 496 0148|Thorne & Daughter Hardware|Marsh End|Priya Nair|yes|2024-04-25|
C-1049|Lakshmi Pillai|lakshmi.pillai@example.org|0117 496 0149||Gullport|Moira Kerr|yes|2025-05-08|
C-1050|Archie Sandilands|archie.sandilands@example.com|0117 496 0150||Wickmere|Tom Adeyemi|yes|2024-03-07|
C-1051|Grace Onyango|grace.onyango@example.net|0117 496 0151||Saltmouth|Priya Nair|yes|2025-06-26|
C-1052|Tamsin Polglaze|tamsin.polglaze@example.com|0117 496 0152|Polglaze Pottery|Oldquay|Moira Kerr|unsubscribed|2024-08-08|
C-1053|Bartosz Wrona|bartosz.wrona@example.org|0117 496 0153||Fernleigh|Tom Adeyemi||2025-11-13|
C-1054|Elspeth Nairn|elspeth.nairn@example.com|0117 496 0154||Saltmouth|Priya Nair|yes|2024-10-24|
C-1055|Kwame Boateng|kwame.boateng@example.net|0117 496 0155|Quayside Gym|Saltmouth|Moira Kerr|yes|2025-04-24|
C-1056|Poppy Winterbourne|poppy.winterbourne@example.com|0117 496 0156||Gullport|Tom Adeyemi|yes|2026-02-19|
C-1057|Lewis Drummond|lewis.drummond@example.org|0117 496 0157||Wickmere|Priya Nair|yes|2026-04-16|
C-1058|Eleanor Whitcombe|eleanor.whitcombe@example.com|0117 496 0158||Saltmouth|Moira Kerr|yes||Rang on 16 November, wants a quote for a heat pump
C-1059|Noor Haddad|noor.haddad@example.net|0117 496 0159||Oldquay|Tom Adeyemi|||Asked for a price list at the harbour fair
C-1060|Jasper Quill|jasper.quill@example.com|0117 496 0160||Marsh End|Priya Nair|yes|2024-05-09|Moved away in 2025, sold the house
"""

# customer | date | amount | what | status: sales that matter this week; they replace the filler
SALES = """
C-1001|2026-05-14|118.00|Boiler service|Paid
C-1002|2026-05-07|1240.00|Radiator replacement|Paid
C-1003|2026-06-03|480.00|Power flush|Paid
C-1004|2026-11-09|3180.00|New boiler|Paid
C-1005|2026-06-10|1050.00|Landlord gas checks|Paid
C-1006|2026-08-12|2890.00|New boiler|Paid
C-1008|2026-10-28|640.00|Radiator replacement|Paid
C-1009|2026-11-02|395.00|Leak repair|Paid
C-1012|2026-11-17|2640.00|New boiler|Paid
C-1016|2026-06-11|2450.00|New boiler|Paid
C-1018|2026-11-05|180.00|Annual cover plan|Paid
C-1020|2026-06-02|95.00|Boiler service|Paid
C-1021|2026-10-06|860.00|Commercial service|Paid
C-1023|2026-10-02|2950.00|New boiler|Paid
C-1024|2026-08-27|540.00|Commercial service|Paid
C-1026|2026-05-21|4200.00|Bathroom refit|Paid
C-1030|2026-10-23|210.00|Leak repair|Paid
C-1040|2026-10-30|118.00|Boiler service|Paid
C-1017|2026-10-15|-120.00|Refund, second visit|Paid
C-1031|2025-11-20|-85.00|Refund, part sent back|paid
C-1045|2026-11-12|5200.00|Bathroom refit|Quote
C-1058|2026-11-17|8900.00|Heat pump|Quote
C-1060|2025-03-13|2400.00|New boiler|Cancelled
"""

# date | e-mail | score | comment
SURVEY = """
2026-11-12|fiona.macleish@example.com|10|Always on time and they explain what they do
2026-11-03|s.wickremasinghe@example.org|9|Tidy work
2026-11-16|agnieszka@copperkettle.example.net|10|Saved our weekend, thank you Priya!
2026-11-10|marcus@abiolabakery.example.com|10|Rajiv was right about you
2026-11-08|colin@seaview-lettings.example.com|9|
2026-10-30|ingrid.halvorsen@example.com|10|No complaints in two years
2026-11-06|Bhavesh.Solanki@example.org|9|Good value
2026-11-04|desmond.okafor@example.com|9|Fitters were great. Still waiting for the thermostat though
2026-11-15|hamish.dunbar@example.org|10|They put it right
2026-11-09|leonie.marchetti@example.com|10|Perfect
2026-11-02|gwen@tregarth-dental.example.org|9|Very professional
2026-11-13|nasreen.chaudhry@example.com|9|
2026-11-14|kirsty.lamont@example.net|10|So warm now
2026-11-11|ruth.galbraith@example.net|3|Had to call three times
2026-11-05|meera.joshi@example.com|7|Fine
2026-10-27|winston.pryce@example.org|8|
2026-09-29|devika.raman@example.org|8|Bit pricey but good
2026-07-01|gordon.strachey@example.net|5|Left a mess in the hall
2026-03-18|elspeth.nairn@example.com|9|
2026-02-24|lindqvist.family@example.com|8|
2025-11-26|kwame.boateng@example.net|10|Showers never ran cold
2025-10-14|rory.calder@example.net|6|Slow to answer mails
2025-06-19|rajiv.menon@example.com|10|Tell everybody
2025-05-08|harriet.blythe@example.com|10|
2025-01-29|yusuf@harbourgrill.example.com|4|Part was wrong the first time
2024-11-13|anneliese.vogt@example.org|9|
2024-09-04|somebody.else@example.com|8|Not on our list
"""

# customer | opened | closed | what | happy now
COMPLAINTS = """
C-1016|2026-10-29||Thermostat still missing after the new boiler|
C-1018|2026-11-13||Cover plan charged twice|
C-1019|2026-11-01|2026-11-10|No hot water in two rooms over the weekend|
C-1010|2026-09-10|2026-10-28|Radiator leaked after the service, floor repaired|yes
C-1017|2026-10-08|2026-10-14|Came a day late, visit refunded|no
C-1031|2025-01-23|2025-02-04|Wrong part ordered|yes
C-1042|2025-10-07|2025-10-10|Nobody rang back|yes
"""

# date | referred by | who | status | met on | won on | lost on
REFERRALS = """
2026-11-16|Harriet Blythe|Eleanor Whitcombe|received|||
2026-10-20|C-1007|Tilda Grayson|met|2026-11-18||
2026-10-05|Anneliese Vogt|Seren Hughes|won|2026-10-12|2026-11-17|
2026-07-15|C-1001|Owen Trelawney|won|2026-07-24|2026-08-12|
2026-03-10|Bronwen Pugh|Lewis Drummond|won|2026-03-19|2026-04-16|
2025-11-18|C-1007|Grand Pier Tea Rooms|lost|2025-12-02||2026-01-15
2025-09-02|Thandiwe Mokoena|Bartosz Wrona|won|2025-10-01|2025-11-13|
2025-04-03|Margaret Ashdown-Tull|Kwame Boateng|won|2025-04-09|2025-04-24|
2025-01-20|C-1007|Marcus Abiola|won|2025-01-28|2025-02-13|
2024-11-28|Stanley Thorne|Dafydd Prosser|won|2024-12-10|2025-01-16|
2024-10-09|fiona.macleish@example.com|Nasreen Chaudhry|won|2024-10-22|2024-12-05|
2024-06-13|C-1044|Thandiwe Mokoena|won|2024-07-02|2024-08-29|
2024-05-21|Edwin Baxter|Saltmouth Sailing Club|lost|||2024-07-30
"""

# date | customer | type | who went | notes: this autumn's visits that matter
VISITS = """
2026-11-19|C-1025|Call|Moira Kerr|Asked how the new bathroom is
2026-11-18|C-1007|Meeting|Priya Nair|Coffee, met Tilda Grayson there
2026-11-17|C-1022|Gift|Priya Nair|Hamper for ten years in the house
2026-11-17|C-1012|Job completed|Priya Nair|New boiler in, all tested
2026-11-17|C-1012|Call|Priya Nair|Showed the controls again on the phone
2026-11-16|C-1058|Call|Moira Kerr|First call, heat pump
2026-11-13|C-1004|Call|Moira Kerr|All warm, very pleased
2026-11-12|C-1045|Meeting|Moira Kerr|Measured up the bathroom
2026-11-11|C-1019|Call|Priya Nair|Checked that both rooms are fine
2026-11-10|C-1003|Meeting|Priya Nair|Looked at the extraction over the range
2026-11-09|C-1004|Job completed|Moira Kerr|New boiler in
2026-11-06|C-1010|Call|Priya Nair|Floor dry, all good
2026-11-05|C-1005|Results review|Tom Adeyemi|No call-outs since May, gas bill down 18 %
2026-11-05|C-1005|Meeting|Tom Adeyemi|Yearly review at the office
2026-11-05|C-1001|Call|Moira Kerr|Booked the service for spring
2026-11-03|C-1009|Call|Tom Adeyemi|Leak is dry
2026-10-30|C-1011|Meeting|Moira Kerr|Second oven, heat recovery idea
2026-10-29|C-1008|Call|Moira Kerr|New radiators, likes them
2026-10-29|C-1021|Call|Tom Adeyemi|Service dates for 2027
2026-10-28|C-1002|Meeting|Tom Adeyemi|Plan for the extension
2026-10-27|C-1020|Call|Moira Kerr|
2026-10-26|C-1013|Meeting|Tom Adeyemi|Keys and access for the checks
2026-10-22|C-1023|Call|Moira Kerr|How is the new boiler?
2026-10-21|C-1007|Thank-you card|Priya Nair|For sending Tilda
2026-10-20|C-1006|Call|Priya Nair|First winter with the new boiler
2026-10-16|C-1030|Call|Tom Adeyemi|
2026-10-14|C-1017|Call|Moira Kerr|Apologised, refunded the visit
2026-10-08|C-1040|Call|Tom Adeyemi|
2026-10-06|C-1026|Thank-you card|Tom Adeyemi|For sending Seren
2026-10-05|C-1016|Meeting|Priya Nair|Thermostat on order
2026-06-11|C-1015|Service visit|Tom Adeyemi|
2026-05-19|C-1014|Service visit|Moira Kerr|
2026-07-24|C-1001|Thank-you card|Moira Kerr|For sending Owen
"""

# customer | sent | due | paid; number and amount are those of the sale of that day
INVOICES_DUE = """
C-1021|2026-10-06|2026-11-05|
C-1024|2026-08-27|2026-09-26|
C-1004|2026-11-09|2026-12-09|
C-1012|2026-11-17|2026-12-17|
C-1009|2026-11-02|2026-11-16|2026-11-12
"""

# company | town | why
WISH_LIST = """
Grand Pier Hotel|Saltmouth|42 rooms, heating from the eighties
Oldquay Sailing School|Oldquay|Changing rooms are cold, they say
Marsh End Primary School|Marsh End|Plans a new boiler house in 2027
Gullport Surgery|Gullport|Moved into the old bank
Fernleigh Village Hall|Fernleigh|Trustees meet in January
"""

# who has not been called or seen since last spring
QUIET = ("C-1028", "C-1036", "C-1043", "C-1049", "C-1052", "C-1060")

MANAGERS = ("Moira Kerr", "Tom Adeyemi", "Priya Nair")
TOWNS = ("Saltmouth", "Gullport", "Wickmere", "Fernleigh", "Oldquay", "Marsh End")


def rows(table: str) -> list[list[str]]:
    """Split one of the tables above into rows of cells; spaces inside a cell stay."""
    return [line.split("|") for line in table.strip("\n").splitlines()]
