-- The same decisions by hand, as a good analyst would write them for one firm: DuckDB, one pass a topic.
-- Day of the run 2026-11-20; news until the evening of the 20th, reasons not to ask until the 21st.

-- ---------------------------------------------------------------- purchases
CREATE TEMP TABLE sold AS
SELECT deal_id, account_id, kind, coalesce(closed_at, created_at) AS "at",
       NOT (coalesce(kind = 'refund', false) OR coalesce(amount_cents, 0) < 0) AS purchase
FROM deals WHERE status = 'won' AND coalesce(closed_at, created_at) < TIMESTAMP '2026-11-21';

CREATE TEMP TABLE credited AS
WITH links AS (
  SELECT deal_id, contact_id, coalesce(bool_or("primary"), false) AS main
  FROM deal_contacts WHERE contact_id IN (SELECT contact_id FROM contacts) GROUP BY ALL),
mains AS (SELECT deal_id, bool_or(main) AS any_main FROM links GROUP BY deal_id)
SELECT l.contact_id, s.deal_id, s."at" FROM links l JOIN mains m USING (deal_id) JOIN sold s USING (deal_id)
WHERE s.purchase AND (l.main OR NOT m.any_main);

CREATE TEMP TABLE bought AS
WITH ends AS (
  SELECT contact_id, min(date_trunc('day', "at")) AS first_day, max("at") AS newest,
         count(DISTINCT date_trunc('day', "at")) AS purchase_days, min("at") AS first_purchase_at
  FROM credited GROUP BY contact_id)
SELECT e.*, min(CASE WHEN date_trunc('day', c."at") = e.first_day THEN c.deal_id END) AS first_deal_id,
       max(CASE WHEN c."at" = e.newest THEN c.deal_id END) AS last_deal_id
FROM ends e JOIN credited c USING (contact_id) GROUP BY ALL;

CREATE TEMP TABLE linked AS SELECT DISTINCT deal_id, contact_id FROM deal_contacts;

CREATE TEMP TABLE renewed AS
WITH won AS (SELECT * FROM sold WHERE kind = 'renewal'),
mine AS (
  SELECT l.contact_id, w."at", w.deal_id FROM won w JOIN linked l USING (deal_id)
  UNION ALL
  SELECT c.contact_id, w."at", w.deal_id FROM won w ANTI JOIN linked l USING (deal_id) JOIN contacts c USING (account_id))
SELECT contact_id, max("at") AS renewal_at, arg_max(deal_id, ("at", deal_id)) AS renewal_id
FROM mine GROUP BY contact_id;

CREATE TEMP TABLE talks AS
WITH still AS (
  SELECT * FROM deals WHERE status = 'open' AND (created_at IS NULL OR created_at < TIMESTAMP '2026-11-21')),
mine AS (
  SELECT l.contact_id, s.kind FROM still s JOIN linked l USING (deal_id)
  UNION ALL
  SELECT c.contact_id, s.kind FROM still s ANTI JOIN linked l USING (deal_id) JOIN contacts c USING (account_id))
SELECT contact_id, count(*) AS open_deals, count(*) FILTER (kind = 'renewal') AS renewal_open
FROM mine GROUP BY contact_id;

-- ---------------------------------------------------------------- answers and trouble
CREATE TEMP TABLE answers AS
SELECT contact_id,
  arg_max(score, ("at", feedback_id)) FILTER (kind = 'nps' AND score IS NOT NULL AND d) AS nps_last,
  max("at") FILTER (kind = 'nps' AND score IS NOT NULL AND d) AS nps_last_at,
  arg_max(feedback_id, ("at", feedback_id)) FILTER (kind = 'nps' AND score IS NOT NULL AND d) AS nps_last_id,
  arg_max(score, ("at", feedback_id)) FILTER (kind = 'csat' AND score IS NOT NULL AND d) AS csat_last,
  max("at") FILTER (kind = 'csat' AND score IS NOT NULL AND d) AS csat_last_at,
  arg_max(feedback_id, ("at", feedback_id)) FILTER (kind = 'csat' AND score IS NOT NULL AND d) AS csat_last_id,
  max("at") FILTER (kind IN ('nps', 'csat') AND d) AS survey_last_at
FROM (SELECT *, "at" < TIMESTAMP '2026-11-21' AS d FROM feedback WHERE contact_id IS NOT NULL)
GROUP BY contact_id;

CREATE TEMP TABLE detractors AS
WITH sides AS (
  SELECT contact_id, kind, "at", feedback_id,
    CASE kind WHEN 'nps' THEN score <= 6 WHEN 'csat' THEN score <= 2 WHEN 'review' THEN score <= 2 END AS low,
    CASE kind WHEN 'nps' THEN score >= 9 WHEN 'csat' THEN score >= 5 WHEN 'review' THEN score >= 4 END AS high
  FROM feedback WHERE contact_id IS NOT NULL AND "at" < TIMESTAMP '2026-11-22'),
latest AS (
  SELECT contact_id, kind, arg_max({'at': "at", 'id': feedback_id, 'low': low}, ("at", feedback_id)) AS l
  FROM sides WHERE low OR high GROUP BY contact_id, kind)
SELECT contact_id, max(l."at") AS detractor_at, arg_max(l.id, (l."at", l.id)) AS detractor_id
FROM latest WHERE l.low GROUP BY contact_id;

CREATE TEMP TABLE desk AS
SELECT *, (opened_at IS NULL OR opened_at < TIMESTAMP '2026-11-22')
   AND (coalesce(status = 'open', false) OR (status IS NULL AND closed_at IS NULL)
        OR coalesce(closed_at >= TIMESTAMP '2026-11-21', false)) AS is_open,
  kind IN ('complaint', 'escalation') AS serious
FROM tickets WHERE contact_id IS NOT NULL;

CREATE TEMP TABLE service AS
SELECT contact_id, count(*) FILTER (is_open) AS tickets_open,
  count(*) FILTER (is_open AND serious) AS unsolved,
  max(opened_at) FILTER (serious AND opened_at < TIMESTAMP '2026-11-21') AS complaint_at,
  arg_max(ticket_id, (opened_at, ticket_id))
    FILTER (serious AND opened_at < TIMESTAMP '2026-11-21') AS complaint_id,
  max(coalesce(closed_at, opened_at))
    FILTER (NOT is_open AND coalesce(closed_at, opened_at) < TIMESTAMP '2026-11-21') AS closed_at,
  max(closed_at) FILTER (positive AND closed_at < TIMESTAMP '2026-11-21') AS positive_at
FROM desk GROUP BY contact_id;

CREATE TEMP TABLE resolved AS
WITH closed AS (SELECT * FROM desk WHERE closed_at < TIMESTAMP '2026-11-21'),
good AS (SELECT contact_id, "at" FROM feedback WHERE kind = 'csat' AND score >= 4 AND "at" < TIMESTAMP '2026-11-21'),
followed AS (
  SELECT DISTINCT ticket_id FROM closed c JOIN good g USING (contact_id)
  WHERE g."at" BETWEEN c.closed_at AND c.closed_at + INTERVAL 30 DAY)
SELECT contact_id, max(closed_at) AS resolved_at, arg_max(ticket_id, (closed_at, ticket_id)) AS resolved_id
FROM closed WHERE positive OR ticket_id IN (FROM followed) GROUP BY contact_id;

CREATE TEMP TABLE overdue AS
SELECT contact_id, count(*) AS invoices_overdue FROM invoices
WHERE (paid_at IS NULL OR paid_at >= TIMESTAMP '2026-11-21') AND due_at < TIMESTAMP '2026-11-20'
GROUP BY contact_id;

-- ---------------------------------------------------------------- what happened with the person
CREATE TEMP TABLE happened AS
SELECT contact_id,
  max("at") FILTER (kind IN ('call', 'meeting', 'visit', 'email', 'note', 'message')) AS talked_at,
  max("at") FILTER (kind IN ('gift', 'favour', 'thank_you')) AS favour_at,
  max("at") FILTER (kind IN ('gift', 'favour', 'thank_you', 'article', 'introduction', 'congratulation', 'support')) AS gave_at,
  count(*) FILTER (kind IN ('gift', 'favour', 'article', 'introduction', 'congratulation', 'support')) AS gave,
  count(*) FILTER (kind = 'thank_you') AS thanks,
  max("at") FILTER (kind = 'thank_you') AS noted_at,
  max("at") FILTER (kind = 'delivery') AS delivery_at,
  arg_max(activity_id, ("at", activity_id)) FILTER (kind = 'delivery') AS delivery_id,
  max("at") FILTER (kind = 'milestone') AS milestone_at,
  arg_max(activity_id, ("at", activity_id)) FILTER (kind = 'milestone') AS milestone_id,
  max("at") FILTER (kind = 'results_review') AS review_at,
  arg_max(activity_id, ("at", activity_id)) FILTER (kind = 'results_review') AS review_id,
  bool_or(kind IN ('site_visit', 'page', 'newsletter', 'blog', 'social', 'video', 'call', 'email', 'message')
    OR regexp_matches(lower(subject), 'newsletter|blog|podcast|video')) AS liked,
  bool_or(kind = 'presentation' OR regexp_matches(lower(subject),
    'marketing kit|brochure|information pack|white paper|whitepaper|guide|e-book|ebook|case study|success story|testimonial|presentation|demo')) AS trusted,
  bool_or(kind IN ('webinar', 'evaluation', 'discovery', 'nurture') OR regexp_matches(lower(subject),
    'webinar|workshop|evaluation|audit|assessment|free trial|discovery|first consultation|consultation|nurture')) AS tried
FROM activities WHERE contact_id IS NOT NULL AND "at" < TIMESTAMP '2026-11-21' GROUP BY contact_id;

CREATE TEMP TABLE happy AS
SELECT contact_id, max("at") AS happy_at FROM feedback
WHERE "at" < TIMESTAMP '2026-11-21'
  AND ((kind = 'nps' AND score >= 9) OR (kind = 'csat' AND score >= 5) OR (kind = 'review' AND score >= 4))
GROUP BY contact_id;

-- ---------------------------------------------------------------- our own tasks
CREATE TEMP TABLE asked AS
SELECT *, coalesce(done_at, created_at) AS ended, outcome IS NULL OR outcome = 'no answer' AS silent
FROM asks
WHERE play = 'ask' AND contact_id IS NOT NULL AND (created_at IS NULL OR created_at < TIMESTAMP '2026-11-22')
  AND (state = 'done' OR outcome IS NOT NULL) AND coalesce(done_at, created_at) < TIMESTAMP '2026-11-22';

CREATE TEMP TABLE history AS
WITH placed AS (
  SELECT *, row_number() OVER (PARTITION BY contact_id ORDER BY ended DESC, task_key DESC) AS back,
    max(CASE WHEN NOT silent THEN ended END) OVER (PARTITION BY contact_id) AS heard_at
  FROM asked),
told AS (
  SELECT contact_id, count(*) AS asks_done, max(ended) AS asked_last_at,
    count(*) FILTER (ended >= TIMESTAMP '2025-11-21') AS asks_365,
    count(*) FILTER (ended >= TIMESTAMP '2025-11-21' AND silent) AS unanswered_365,
    count(*) FILTER (silent AND (heard_at IS NULL OR ended > heard_at)) AS unanswered_row,
    max(ended) FILTER (silent AND (heard_at IS NULL OR ended > heard_at)) AS unanswered_last_at,
    max(date_trunc('day', ended)) FILTER (back = 4) + INTERVAL 365 DAY AS asks_cap_until,
    max(CASE WHEN outcome = 'no' THEN date_trunc('day', ended) + INTERVAL 180 DAY
             WHEN outcome = 'later' AND outcome_at IS NOT NULL THEN outcome_at
             WHEN outcome = 'later' THEN date_trunc('day', ended) + INTERVAL 60 DAY
             ELSE date_trunc('day', ended) + INTERVAL 90 DAY END) FILTER (back = 1) AS rest,
    max(outcome_at) FILTER (back = 1 AND outcome = 'later') AS later_at,
    max(task_key) FILTER (back = 1 AND outcome = 'later' AND outcome_at IS NOT NULL) || ':later' AS later_id
  FROM placed GROUP BY contact_id),
deleted AS (
  SELECT contact_id, max(date_trunc('day', coalesce(done_at, due_at, created_at))) + INTERVAL 90 DAY AS gone
  FROM asks WHERE play = 'ask' AND state = 'deleted' AND outcome IS NULL
    AND (created_at IS NULL OR created_at < TIMESTAMP '2026-11-22') GROUP BY contact_id)
SELECT contact_id, t.* EXCLUDE (contact_id, rest), greatest(t.rest, d.gone) AS rest_until
FROM told t FULL JOIN deleted d USING (contact_id);

CREATE TEMP TABLE tasks AS
SELECT contact_id, bool_or(outcome = 'never') AS said_never, bool_or(outcome = 'wrong person') AS wrong_person,
  max(coalesce(done_at, created_at))
    FILTER (outcome = 'unhappy' AND coalesce(done_at, created_at) < TIMESTAMP '2026-11-22') AS unhappy_at,
  arg_max(task_key, (coalesce(done_at, created_at), task_key))
    FILTER (outcome = 'unhappy' AND coalesce(done_at, created_at) < TIMESTAMP '2026-11-22') AS unhappy_id,
  max(done_at) FILTER (state = 'done' AND play = 'recover' AND coalesce(outcome <> 'unhappy', true)
    AND done_at < TIMESTAMP '2026-11-21') AS recovered_at,
  max(done_at) FILTER (done AND play IN ('warm_up', 'quiet', 'recover')) AS cared_at,
  count(*) FILTER (done AND play IN ('warm_up', 'quiet', 'recover')) AS cared,
  max(done_at) FILTER (done AND play = 'thank_you') AS thanked_at,
  count(*) FILTER (done AND play = 'thank_you') AS thanked
FROM (SELECT *, state = 'done' AND done_at < TIMESTAMP '2026-11-21' AS done FROM asks WHERE contact_id IS NOT NULL)
GROUP BY contact_id;

-- ---------------------------------------------------------------- referrals
CREATE TEMP TABLE known AS
SELECT r.*, coalesce(CASE WHEN regexp_matches(c.name, '\p{L}') THEN c.name END, r.referred_name) AS known_name,
  coalesce(r."at", TIMESTAMP '2999-01-01') AS came
FROM referrals r LEFT JOIN contacts c ON c.contact_id = r.referred_id
WHERE r.referrer_id IS NOT NULL AND (r.referred_id IS NULL OR r.referred_id <> r.referrer_id)
  AND (r."at" IS NULL OR r."at" < TIMESTAMP '2026-11-21');

CREATE TEMP TABLE links AS
WITH first AS (
  SELECT * FROM known WHERE referred_id IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY referred_id ORDER BY came, referral_id) = 1),
bound AS (
  SELECT f.* FROM first f LEFT JOIN first b ON b.referrer_id = f.referred_id AND b.referred_id = f.referrer_id
  WHERE b.referral_id IS NULL OR (b.came, b.referral_id) > (f.came, f.referral_id)),
names AS (SELECT DISTINCT referrer_id, lower(trim(known_name)) AS name FROM known WHERE known_name IS NOT NULL)
SELECT referral_id, referrer_id, referred_id, known_name, status, "at", met_at, won_at, lost_at FROM bound
UNION ALL BY NAME
SELECT referral_id, referrer_id, referred_id, known_name, status, "at", met_at, won_at, lost_at FROM known WHERE referred_id IS NULL
UNION ALL BY NAME
SELECT task_key AS referral_id, contact_id AS referrer_id, outcome_name AS known_name, 'received' AS status, ended AS "at"
FROM asked a WHERE outcome = 'yes' AND outcome_name IS NOT NULL
  AND NOT EXISTS (FROM names n WHERE n.referrer_id = a.contact_id AND n.name = lower(trim(a.outcome_name)))
  AND task_key NOT IN (SELECT referral_id FROM known);

CREATE TEMP TABLE owed AS
WITH events AS (
  SELECT referrer_id AS contact_id, referral_id, 'received' AS event, 0 AS turn, "at" FROM links WHERE "at" < TIMESTAMP '2026-11-21'
  UNION ALL SELECT referrer_id, referral_id, 'met', 1, met_at FROM links WHERE met_at < TIMESTAMP '2026-11-21'
  UNION ALL SELECT referrer_id, referral_id, 'won', 2, won_at FROM links WHERE won_at < TIMESTAMP '2026-11-21'
  UNION ALL SELECT referrer_id, referral_id, 'lost', 3, lost_at FROM links WHERE lost_at < TIMESTAMP '2026-11-21'),
thanked AS (
  SELECT a.contact_id, lower(trim(a.outcome_name)) AS name FROM asked a
  JOIN asks t ON t.contact_id = a.contact_id AND t.play = 'thank_you' AND t.cycle = a.task_key || ':received'),
again AS (
  SELECT DISTINCT l.referrer_id AS contact_id, l.referral_id FROM links l
  JOIN thanked t ON t.contact_id = l.referrer_id AND t.name = lower(trim(l.known_name)))
SELECT e.contact_id, e.referral_id || ':' || e.event AS cycle, e."at"
FROM events e JOIN contacts c USING (contact_id)
LEFT JOIN happened h USING (contact_id) LEFT JOIN tasks t USING (contact_id)
LEFT JOIN again x ON x.contact_id = e.contact_id AND x.referral_id = e.referral_id AND e.event = 'received'
WHERE x.referral_id IS NULL AND NOT coalesce(greatest(h.noted_at, t.thanked_at) >= date_trunc('day', e."at"), false)
QUALIFY row_number() OVER (PARTITION BY e.contact_id, e.referral_id ORDER BY e."at" DESC, e.turn DESC) = 1;

CREATE TEMP TABLE sent AS
SELECT referrer_id AS contact_id, count(*) AS referrals_given FROM links GROUP BY ALL;

CREATE TEMP TABLE thanks_owed AS
SELECT contact_id, count(*) AS thanks_owed FROM owed o
WHERE "at" >= TIMESTAMP '2026-10-21' AND NOT EXISTS (
  FROM asks t WHERE t.contact_id = o.contact_id AND t.cycle = o.cycle AND t.play = 'thank_you'
  AND t.state IN ('done', 'deleted'))
GROUP BY contact_id;

-- ---------------------------------------------------------------- one row a person
CREATE TEMP TABLE ranked AS
WITH placed AS (
  SELECT s.contact_id, s.clv, s.crv, s.p_refer, s.referral_worth, o.segment AS before, count(*) OVER () AS size,
    (rank() OVER (ORDER BY s.clv) - 1) * 100 // greatest(count(*) OVER () - 1, 1) AS by_clv,
    (rank() OVER (ORDER BY s.crv) - 1) * 100 // greatest(count(*) OVER () - 1, 1) AS by_crv
  FROM scores s LEFT JOIN own_fields o USING (contact_id) WHERE s.clv IS NOT NULL),
split AS (
  SELECT *, by_clv >= CASE WHEN coalesce(before IN ('Champion', 'Affluent'), false) THEN 45 ELSE 50 END AS high_clv,
    by_crv >= CASE WHEN coalesce(before IN ('Champion', 'Advocate'), false) THEN 45 ELSE 50 END AS high_crv FROM placed)
SELECT contact_id, clv, crv, p_refer, referral_worth, (by_clv + by_crv) // 2 AS score,
  CASE WHEN size < 20 THEN '' WHEN high_clv AND high_crv THEN 'Champion' WHEN high_clv THEN 'Affluent'
       WHEN high_crv THEN 'Advocate' ELSE 'Nurture' END AS segment
FROM split;

CREATE TEMP TABLE known_people AS
WITH at_work AS (
  SELECT c.account_id, arg_max(c.contact_id, (h.asked_last_at, c.contact_id)) AS latest_id, max(h.asked_last_at, 2) AS two
  FROM contacts c JOIN history h USING (contact_id)
  WHERE c.account_id IS NOT NULL AND h.asked_last_at IS NOT NULL GROUP BY c.account_id),
joined AS (
  SELECT c.contact_id, c.account_id, c.owner_id, c.status, coalesce(c.kind, 'customer') AS kind,
    coalesce(c.consent, 'unknown') AS consent, coalesce(c.do_not_ask, false) AS do_not_ask,
    coalesce(c.left_company, false) AS left_company,
    coalesce(t.said_never, false) AS said_never, coalesce(t.wrong_person, false) AS wrong_person,
    coalesce(b.purchase_days, 0) AS purchase_days, b.first_purchase_at, b.newest AS last_purchase_at, b.first_deal_id,
    CASE WHEN b.purchase_days > 1 THEN b.newest END AS repeat_at,
    CASE WHEN b.purchase_days > 1 THEN b.last_deal_id END AS repeat_id,
    n.renewal_at, n.renewal_id, coalesce(k.open_deals, 0) AS open_deals, coalesce(k.renewal_open, 0) AS renewal_open,
    a.* EXCLUDE (contact_id), d.detractor_at, d.detractor_id,
    coalesce(s.tickets_open, 0) AS tickets_open, coalesce(s.unsolved, 0) > 0 AS running, s.complaint_at, s.complaint_id,
    greatest(s.closed_at, t.recovered_at) AS fixed_at, r.resolved_at, r.resolved_id,
    coalesce(v.invoices_overdue, 0) AS invoices_overdue,
    greatest(p.happy_at, s.positive_at, h.delivery_at) AS good_sign_at,
    greatest(p.happy_at, s.positive_at, h.delivery_at, h.milestone_at, h.review_at) AS moment_at,
    t.unhappy_at, t.unhappy_id,
    greatest(h.talked_at, t.cared_at, t.thanked_at) AS conversation_at,
    greatest(h.gave_at, t.thanked_at, t.cared_at) AS give_last_at, greatest(h.favour_at, t.thanked_at) AS favour_last_at,
    coalesce(h.gave, 0) + greatest(coalesce(h.thanks, 0), coalesce(t.thanked, 0)) + coalesce(t.cared, 0)
      - coalesce(y.asks_done, 0) AS balance,
    h.delivery_at, h.delivery_id, h.milestone_at, h.milestone_id, h.review_at, h.review_id, h.liked, h.trusted, h.tried,
    y.asked_last_at, y.unanswered_last_at, y.asks_cap_until, y.rest_until, y.later_at, y.later_id,
    coalesce(y.asks_365, 0) AS asks_365, coalesce(y.unanswered_365, 0) AS unanswered_365,
    coalesce(y.unanswered_row, 0) AS unanswered_row,
    CASE WHEN w.latest_id = c.contact_id THEN w.two[2] ELSE w.two[1] END AS account_asked_at,
    g.referrals_given, f.referrer_id AS referred_by_id, coalesce(o.thanks_owed, 0) AS thanks_owed,
    z.* EXCLUDE (contact_id)
  FROM contacts c
  LEFT JOIN tasks t USING (contact_id) LEFT JOIN bought b USING (contact_id) LEFT JOIN renewed n USING (contact_id)
  LEFT JOIN talks k USING (contact_id) LEFT JOIN answers a USING (contact_id) LEFT JOIN detractors d USING (contact_id)
  LEFT JOIN service s USING (contact_id) LEFT JOIN resolved r USING (contact_id) LEFT JOIN overdue v USING (contact_id)
  LEFT JOIN happened h USING (contact_id) LEFT JOIN happy p USING (contact_id) LEFT JOIN history y USING (contact_id)
  LEFT JOIN at_work w ON w.account_id = c.account_id LEFT JOIN sent g USING (contact_id)
  LEFT JOIN links f ON f.referred_id = c.contact_id LEFT JOIN thanks_owed o USING (contact_id)
  LEFT JOIN ranked z USING (contact_id)),
troubled AS (
  SELECT *,
    CASE WHEN date_trunc('day', complaint_at) + INTERVAL 60 DAY > TIMESTAMP '2026-11-20' THEN complaint_at END AS on_complaint,
    CASE WHEN date_trunc('day', detractor_at) + INTERVAL 180 DAY > TIMESTAMP '2026-11-20' THEN detractor_at END AS on_detractor,
    CASE WHEN date_trunc('day', unhappy_at) + INTERVAL 60 DAY > TIMESTAMP '2026-11-20' THEN unhappy_at END AS on_unhappy
  FROM joined),
dated AS (
  SELECT *, CASE WHEN running THEN complaint_at ELSE greatest(on_complaint, on_detractor, on_unhappy) END AS incident_at,
    greatest(date_trunc('day', on_complaint) + INTERVAL 60 DAY, date_trunc('day', on_detractor) + INTERVAL 180 DAY,
             date_trunc('day', on_unhappy) + INTERVAL 60 DAY) AS over_at
  FROM troubled),
stated AS (
  SELECT *, CASE WHEN running THEN 'incident' WHEN incident_at IS NULL THEN 'clear'
      WHEN NOT coalesce(fixed_at >= incident_at, false) THEN 'incident'
      WHEN coalesce(good_sign_at >= date_trunc('day', fixed_at) + INTERVAL 14 DAY, false) THEN 'proven'
      ELSE 'recovering' END AS recovery_state,
    CASE WHEN complaint_at = incident_at THEN complaint_id WHEN detractor_at = incident_at THEN detractor_id
         WHEN unhappy_at = incident_at THEN unhappy_id END AS incident_id
  FROM dated)
SELECT *, CASE WHEN recovery_state IN ('incident', 'recovering') AND NOT running THEN over_at END AS recovery_until,
  CASE WHEN coalesce(referrals_given, 0) > 0 THEN 'refer' WHEN purchase_days >= 2 OR renewal_at IS NOT NULL THEN 'repeat'
       WHEN purchase_days >= 1 OR coalesce(status = 'customer', false) THEN 'buy'
       WHEN tried OR open_deals > 0 OR referred_by_id IS NOT NULL THEN 'try'
       WHEN trusted THEN 'trust' WHEN liked OR conversation_at IS NOT NULL THEN 'like' ELSE 'know' END AS stage
FROM stated;

-- ---------------------------------------------------------------- open tasks: expired, withdrawn, moved
CREATE TEMP TABLE closed AS
SELECT * FROM (
  SELECT t.task_key, CASE WHEN reason IS NULL THEN 'expired' ELSE 'withdrawn' END AS state,
    coalesce(reason, 'overdue') AS reason, reason IS NULL AND date_trunc('day', t.due_at) + INTERVAL 30 DAY > TIMESTAMP '2026-11-20' AS stays
  FROM asks t LEFT JOIN (
    SELECT contact_id, CASE WHEN do_not_ask THEN 'do_not_ask' WHEN left_company THEN 'left_company'
      WHEN status = 'lost' THEN 'lost' WHEN consent = 'no' THEN 'opt_out' WHEN said_never THEN 'said_never'
      WHEN wrong_person THEN 'wrong_person'
      WHEN recovery_state <> 'proven' AND date_trunc('day', complaint_at) + INTERVAL 60 DAY > TIMESTAMP '2026-11-20' THEN 'complaint'
      WHEN date_trunc('day', detractor_at) + INTERVAL 180 DAY > TIMESTAMP '2026-11-20' THEN 'detractor'
      WHEN tickets_open > 0 THEN 'open_ticket'
      WHEN recovery_state IN ('incident', 'recovering') AND date_trunc('day', recovery_until) > TIMESTAMP '2026-11-20' THEN 'recovery'
      END AS reason
    FROM known_people) p ON p.contact_id = t.contact_id AND t.play = 'ask'
  WHERE t.state = 'open' AND NOT coalesce(t.edited, false))
WHERE NOT coalesce(stays, true);

CREATE TEMP TABLE assignees AS
SELECT c.contact_id, CASE WHEN c.owner_id IS NOT NULL AND NOT coalesce(NOT o.active, false) THEN c.owner_id
  WHEN NOT coalesce(NOT b.active, false) THEN a.owner_id END AS rep
FROM contacts c LEFT JOIN owners o ON o.owner_id = c.owner_id
LEFT JOIN accounts a ON a.account_id = c.account_id LEFT JOIN owners b ON b.owner_id = a.owner_id;

CREATE TEMP TABLE still_open AS
SELECT t.*, CASE WHEN NOT coalesce(t.edited, false) AND rep <> t.owner_id THEN rep END AS moved_to
FROM asks t ANTI JOIN closed USING (task_key) LEFT JOIN assignees USING (contact_id) WHERE t.state = 'open';

CREATE TEMP TABLE facts AS
WITH mine AS (
  SELECT contact_id, count(*) FILTER (play = 'ask') AS ask_open FROM still_open
  WHERE outcome IS NULL AND contact_id IS NOT NULL GROUP BY contact_id),
firm AS (
  SELECT account_id, sum(ask_open) AS all_open FROM mine JOIN contacts USING (contact_id)
  WHERE account_id IS NOT NULL GROUP BY account_id)
SELECT k.*, coalesce(m.ask_open, 0) AS ask_open,
  coalesce(f.all_open, 0) - CASE WHEN k.account_id IS NULL THEN 0 ELSE coalesce(m.ask_open, 0) END AS account_ask_open
FROM known_people k LEFT JOIN mine m USING (contact_id) LEFT JOIN firm f ON f.account_id = k.account_id;

-- ---------------------------------------------------------------- the rules
CREATE TEMP MACRO day(t) AS date_trunc('day', t);
CREATE TEMP MACRO written(t) AS coalesce(strftime(t, '%Y-%m-%d'), 'unknown');
CREATE TEMP MACRO till(t) AS CASE WHEN t > TIMESTAMP '2026-11-20' THEN t END;
CREATE TEMP MACRO passed(t) AS date_diff('day', t, TIMESTAMP '2026-11-20');
CREATE TEMP MACRO doublings(n) AS CAST(floor(ln(greatest(n, 1)::DOUBLE) / ln(2.0::DOUBLE) * 100.0::DOUBLE + 0.5::DOUBLE) AS BIGINT);

CREATE TEMP MACRO judged(pending) AS TABLE
WITH flagged AS (
  SELECT *,
    recovery_state <> 'proven' AND till(day(complaint_at) + INTERVAL 60 DAY) IS NOT NULL AS f_complaint,
    till(day(detractor_at) + INTERVAL 180 DAY) AS u_detractor,
    recovery_state IN ('incident', 'recovering') AND till(day(recovery_until)) IS NOT NULL AS f_recovery,
    till(day(account_asked_at) + INTERVAL 30 DAY) AS u_account,
    CASE WHEN asks_365 >= 4 THEN till(day(asks_cap_until)) END AS u_year,
    till(day(rest_until)) AS u_rest,
    till(day(favour_last_at) + INTERVAL 14 DAY) AS u_favour,
    till(day(survey_last_at) + INTERVAL 30 DAY) AS u_survey,
    till(day(first_purchase_at) + INTERVAL 90 DAY) AS u_tenure,
    CASE WHEN unanswered_row >= 3 THEN till(day(unanswered_last_at) + INTERVAL 365 DAY) END AS u_unanswered,
    coalesce(passed(conversation_at) > 45, false) AS f_talk,
    CASE WHEN do_not_ask THEN 0 WHEN kind = 'employee' THEN 1 WHEN left_company THEN 2 WHEN status = 'lost' THEN 3
         WHEN consent = 'no' THEN 4 WHEN said_never THEN 5 WHEN wrong_person THEN 6 END AS never,
    CASE WHEN nps_last >= 9 AND nps_last_id IS NOT NULL THEN day(nps_last_at) END AS o0,
    CASE WHEN review_id IS NOT NULL THEN day(review_at) END AS o1,
    CASE WHEN csat_last >= 5 AND csat_last_id IS NOT NULL THEN day(csat_last_at) END AS o2,
    CASE WHEN milestone_id IS NOT NULL THEN day(milestone_at) END AS o3,
    CASE WHEN later_id IS NOT NULL THEN day(later_at) END AS o4,
    CASE WHEN delivery_id IS NOT NULL THEN day(delivery_at) END AS o5,
    CASE WHEN renewal_id IS NOT NULL THEN day(renewal_at) + INTERVAL 14 DAY END AS o6,
    CASE WHEN repeat_id IS NOT NULL THEN day(repeat_at) + INTERVAL 14 DAY END AS o7,
    CASE WHEN resolved_id IS NOT NULL THEN day(resolved_at) + INTERVAL 14 DAY END AS o8,
    CASE WHEN first_deal_id IS NOT NULL THEN day(first_purchase_at) + INTERVAL 90 DAY END AS o9
  FROM facts WHERE pending OR ask_open > 0 OR account_ask_open > 0),
held AS (
  SELECT *,
    coalesce(never, CASE WHEN f_complaint THEN 7 WHEN u_detractor IS NOT NULL THEN 8 WHEN tickets_open > 0 THEN 9
      WHEN f_recovery THEN 10 WHEN pending AND account_ask_open > 0 THEN 11 WHEN u_account IS NOT NULL THEN 12
      WHEN pending AND ask_open > 0 THEN 13 WHEN u_year IS NOT NULL THEN 14 WHEN u_rest IS NOT NULL THEN 15
      WHEN u_favour IS NOT NULL THEN 16 WHEN invoices_overdue > 0 THEN 17 WHEN renewal_open > 0 THEN 18
      WHEN thanks_owed > 0 THEN 21 WHEN u_unanswered IS NOT NULL THEN 22 WHEN f_talk THEN 23 END) AS f_all,
    CASE WHEN u_survey IS NOT NULL THEN 19 END AS f_survey, CASE WHEN u_tenure IS NOT NULL THEN 20 END AS f_tenure,
    CASE WHEN balance < 0 THEN 24 END AS f_give,
    greatest(CASE WHEN f_complaint THEN day(complaint_at) + INTERVAL 60 DAY END, u_detractor,
      CASE WHEN f_recovery THEN day(recovery_until) END, u_account, u_year, u_rest, u_favour, u_unanswered) AS u_all,
    never IS NOT NULL OR tickets_open > 0 OR (pending AND (account_ask_open > 0 OR ask_open > 0)) OR invoices_overdue > 0
      OR renewal_open > 0 OR thanks_owed > 0 OR f_talk AS e_all
  FROM flagged),
keyed AS (
  SELECT *, least(f_all, f_tenure, f_give) AS f_s, least(f_all, f_survey, f_give) AS f_t,
    least(f_all, f_survey, f_tenure) AS f_g, least(f_all, f_survey, f_tenure, f_give) AS f_n,
    o0 <= TIMESTAMP '2026-11-20' AND o0 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w0,
    o1 <= TIMESTAMP '2026-11-20' AND o1 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w1,
    o2 <= TIMESTAMP '2026-11-20' AND o2 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w2,
    o3 <= TIMESTAMP '2026-11-20' AND o3 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w3,
    o4 <= TIMESTAMP '2026-11-20' AND o4 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w4,
    o5 <= TIMESTAMP '2026-11-20' AND o5 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w5,
    o6 <= TIMESTAMP '2026-11-20' AND o6 + INTERVAL 45 DAY >= TIMESTAMP '2026-11-20' AS w6,
    o7 <= TIMESTAMP '2026-11-20' AND o7 + INTERVAL 45 DAY >= TIMESTAMP '2026-11-20' AS w7,
    o8 <= TIMESTAMP '2026-11-20' AND o8 + INTERVAL 30 DAY >= TIMESTAMP '2026-11-20' AS w8,
    o9 <= TIMESTAMP '2026-11-20' AND o9 + INTERVAL 60 DAY >= TIMESTAMP '2026-11-20' AS w9,
    least(CASE WHEN o0 > TIMESTAMP '2026-11-20' THEN o0 END, CASE WHEN o1 > TIMESTAMP '2026-11-20' THEN o1 END,
      CASE WHEN o2 > TIMESTAMP '2026-11-20' THEN o2 END, CASE WHEN o3 > TIMESTAMP '2026-11-20' THEN o3 END,
      CASE WHEN o4 > TIMESTAMP '2026-11-20' THEN o4 END, CASE WHEN o5 > TIMESTAMP '2026-11-20' THEN o5 END,
      CASE WHEN o6 > TIMESTAMP '2026-11-20' THEN o6 END, CASE WHEN o7 > TIMESTAMP '2026-11-20' THEN o7 END,
      CASE WHEN o8 > TIMESTAMP '2026-11-20' THEN o8 END, CASE WHEN o9 > TIMESTAMP '2026-11-20' THEN o9 END) AS earliest
  FROM held),
picked AS (
  SELECT *,
    CASE WHEN w0 AND f_s IS NULL THEN 0 WHEN w1 AND f_t IS NULL THEN 1 WHEN w2 AND f_s IS NULL THEN 2
         WHEN w3 AND f_t IS NULL THEN 3 WHEN w4 AND f_g IS NULL THEN 4 WHEN w5 AND f_t IS NULL THEN 5
         WHEN w6 AND f_t IS NULL THEN 6 WHEN w7 AND f_n IS NULL THEN 7 WHEN w8 AND f_s IS NULL THEN 8
         WHEN w9 AND f_n IS NULL THEN 9 WHEN w0 THEN 0 WHEN w1 THEN 1 WHEN w2 THEN 2 WHEN w3 THEN 3 WHEN w4 THEN 4
         WHEN w5 THEN 5 WHEN w6 THEN 6 WHEN w7 THEN 7 WHEN w8 THEN 8 WHEN w9 THEN 9 END AS chosen,
    CASE earliest WHEN o0 THEN 0 WHEN o1 THEN 1 WHEN o2 THEN 2 WHEN o3 THEN 3 WHEN o4 THEN 4 WHEN o5 THEN 5
         WHEN o6 THEN 6 WHEN o7 THEN 7 WHEN o8 THEN 8 WHEN o9 THEN 9 END AS upcoming
  FROM keyed),
spoken AS (
  SELECT *, coalesce(chosen, upcoming) AS pick FROM picked),
timed AS (
  SELECT *,
    CASE pick WHEN 0 THEN o0 WHEN 1 THEN o1 WHEN 2 THEN o2 WHEN 3 THEN o3 WHEN 4 THEN o4 WHEN 5 THEN o5 WHEN 6 THEN o6
      WHEN 7 THEN o7 WHEN 8 THEN o8 WHEN 9 THEN o9 END AS opens,
    CASE pick WHEN 0 THEN o0 + INTERVAL 30 DAY WHEN 1 THEN o1 + INTERVAL 30 DAY WHEN 2 THEN o2 + INTERVAL 30 DAY
      WHEN 3 THEN o3 + INTERVAL 30 DAY WHEN 4 THEN o4 + INTERVAL 30 DAY WHEN 5 THEN o5 + INTERVAL 30 DAY
      WHEN 6 THEN o6 + INTERVAL 45 DAY WHEN 7 THEN o7 + INTERVAL 45 DAY WHEN 8 THEN o8 + INTERVAL 30 DAY
      WHEN 9 THEN o9 + INTERVAL 60 DAY END AS closes,
    CASE pick WHEN 0 THEN nps_last_id WHEN 1 THEN review_id WHEN 2 THEN csat_last_id WHEN 3 THEN milestone_id
      WHEN 4 THEN later_id WHEN 5 THEN delivery_id WHEN 6 THEN renewal_id WHEN 7 THEN repeat_id WHEN 8 THEN resolved_id
      WHEN 9 THEN first_deal_id END AS cycle,
    CASE WHEN pick IN (0, 2, 8) THEN f_s WHEN pick IN (1, 3, 5, 6) THEN f_t WHEN pick = 4 THEN f_g
      WHEN pick IS NOT NULL THEN f_n END AS first,
    CASE WHEN pick IN (0, 2, 8) THEN greatest(u_all, u_tenure) WHEN pick IN (1, 3, 5, 6) THEN greatest(u_all, u_survey)
      WHEN pick = 4 THEN greatest(u_all, u_survey, u_tenure)
      WHEN pick IS NOT NULL THEN greatest(u_all, u_survey, u_tenure) END AS until,
    e_all OR (balance < 0 AND pick <> 4) AS endless,
    coalesce([100, 95, 90, 85, 80, 70, 65, 60, 55, 50][pick + 1], 0) AS points
  FROM spoken),
ruled AS (
  SELECT *, coalesce(never, CASE WHEN chosen IS NOT NULL THEN first END) AS code,
    CASE WHEN never IS NOT NULL THEN 'never' WHEN chosen IS NULL THEN 'wait' WHEN first IS NULL THEN 'ask'
      WHEN first <= 6 THEN 'never' WHEN first <= 10 THEN 'recover' WHEN first <= 22 THEN 'wait' ELSE 'warm_up' END AS verdict,
    CASE WHEN never IS NULL AND pick IS NOT NULL AND NOT endless AND NOT coalesce(until > closes, false)
      THEN greatest(opens, until) END AS next_ask
  FROM timed)
SELECT contact_id, account_id, stage, segment, score, clv, crv, verdict, cycle,
  strftime(next_ask, '%Y-%m-%d') AS next_ask,
  points + CASE WHEN p_refer IS NULL THEN 632 ELSE doublings(p_refer) END
    + CASE WHEN referral_worth IS NULL THEN 0 ELSE doublings(referral_worth) - 664 END + CASE WHEN referred_by_id IS NULL THEN 0 ELSE 49 END
    + CASE WHEN passed(first_purchase_at) >= 180 THEN 51 ELSE 0 END
    + CASE WHEN moment_at IS NULL THEN 0 WHEN passed(moment_at) <= 7 THEN 100 WHEN passed(moment_at) <= 14 THEN 75
           WHEN passed(moment_at) <= 21 THEN 50 WHEN passed(moment_at) <= 28 THEN 25 ELSE 0 END
    - 100 * unanswered_365 AS priority,
  CASE verdict WHEN 'ask' THEN 'Ask: ' WHEN 'warm_up' THEN 'Warm up first: ' WHEN 'recover' THEN 'Recover first: '
    WHEN 'never' THEN 'Never: '
    ELSE 'Wait' || CASE WHEN next_ask IS NULL THEN '' ELSE ' until ' || strftime(next_ask, '%Y-%m-%d') END || ': ' END
  || CASE WHEN verdict = 'ask' THEN CASE pick
    WHEN 0 THEN 'rated us ' || nps_last || ' of 10 on ' || written(nps_last_at)
    WHEN 1 THEN 'looked at the results with us on ' || written(review_at)
    WHEN 2 THEN 'gave us the top mark in the survey of ' || written(csat_last_at)
    WHEN 3 THEN 'reached a milestone with us on ' || written(milestone_at)
    WHEN 4 THEN 'asked to be asked again from ' || written(later_at)
    WHEN 5 THEN 'we last worked for them on ' || written(delivery_at)
    WHEN 6 THEN 'renewed with us on ' || written(renewal_at)
    WHEN 7 THEN 'bought from us again on ' || written(repeat_at)
    WHEN 8 THEN 'was happy with how we solved their problem on ' || written(resolved_at)
    WHEN 9 THEN 'has had time with what they bought on ' || written(first_purchase_at) END
  ELSE CASE code WHEN 0 THEN 'marked "do not ask"' WHEN 1 THEN 'works for us' WHEN 2 THEN 'no longer works there'
    WHEN 3 THEN 'is no longer a customer' WHEN 4 THEN 'said no to being contacted'
    WHEN 5 THEN 'never wants to be asked again' WHEN 6 THEN 'is not the right person to ask'
    WHEN 7 THEN 'complained on ' || written(complaint_at)
    WHEN 8 THEN 'gave us a low score on ' || written(detractor_at)
    WHEN 9 THEN tickets_open || ' open ticket(s)'
    WHEN 10 THEN 'something went wrong on ' || written(incident_at) || ' and no good sign came since'
    WHEN 11 THEN 'a colleague is being asked' WHEN 12 THEN 'a colleague was asked on ' || written(account_asked_at)
    WHEN 13 THEN 'a rep already has a task to ask' WHEN 14 THEN 'asked ' || asks_365 || ' times within a year'
    WHEN 15 THEN 'asked before, resting until ' || written(rest_until)
    WHEN 16 THEN 'got a gift, favour or thank-you on ' || written(favour_last_at)
    WHEN 17 THEN invoices_overdue || ' invoice(s) past the date' WHEN 18 THEN 'a renewal is being negotiated'
    WHEN 19 THEN 'answered a survey on ' || written(survey_last_at)
    WHEN 20 THEN 'first bought on ' || written(first_purchase_at) || ', which is recent'
    WHEN 21 THEN thanks_owed || ' thank-you(s) owed for a referral: thank first'
    WHEN 22 THEN unanswered_row || ' asks without an answer, the latest on ' || written(unanswered_last_at)
    WHEN 23 THEN 'last spoke with us on ' || written(conversation_at)
    WHEN 24 THEN 'we asked for more than we gave'
    ELSE 'nothing happened lately that makes a good moment to ask' END END AS why,
  ask_open > 0 OR account_ask_open > 0 AS pending_there
FROM ruled;

CREATE TEMP TABLE decided AS FROM judged(true);

-- ---------------------------------------------------------------- what changes on the host
CREATE TEMP TABLE changes AS
WITH shown AS (
  SELECT * FROM decided WHERE NOT pending_there UNION ALL SELECT * FROM judged(false)),
beside AS (
  SELECT s.contact_id, s.stage, coalesce(s.segment, '') AS segment, s.score, s.next_ask, s.why,
    (s.clv + 50) // 100 AS clv, (s.crv + 50) // 100 AS crv, o.stage AS o_stage, coalesce(o.segment, '') AS o_segment,
    o.score AS o_score, o.next_ask AS o_next, o.why AS o_why, o.clv AS o_clv, o.crv AS o_crv,
    s.stage = coalesce(o.stage, '') AND coalesce(s.segment, '') = coalesce(o.segment, '') AS same
  FROM shown s LEFT JOIN own_fields o USING (contact_id)),
banded AS (
  SELECT * REPLACE (
    CASE WHEN same AND abs(score - o_score) < 5 THEN o_score ELSE score END AS score,
    CASE WHEN same AND abs(clv - o_clv) * 5 < abs(o_clv) THEN o_clv ELSE clv END AS clv,
    CASE WHEN same AND abs(crv - o_crv) * 5 < abs(o_crv) THEN o_crv ELSE crv END AS crv)
  FROM beside)
SELECT contact_id, stage, nullif(segment, '') AS segment, score, next_ask, why, clv, crv,
  stage IS DISTINCT FROM o_stage AS "set:stage", segment <> o_segment AS "set:segment",
  score IS DISTINCT FROM o_score AS "set:score", next_ask IS DISTINCT FROM o_next AS "set:next_ask",
  why IS DISTINCT FROM o_why AS "set:why", clv IS DISTINCT FROM o_clv AS "set:clv", crv IS DISTINCT FROM o_crv AS "set:crv"
FROM banded
WHERE "set:stage" OR "set:segment" OR "set:score" OR "set:next_ask" OR "set:why" OR "set:clv" OR "set:crv"
ORDER BY contact_id;

-- ---------------------------------------------------------------- who might get a task, in order
CREATE TEMP TABLE candidates AS
WITH prospects AS (
  SELECT contact_id FROM contacts c WHERE NOT coalesce(status IN ('customer', 'lost'), false)
    AND NOT EXISTS (FROM bought b WHERE b.contact_id = c.contact_id)),
fresh AS (
  SELECT * FROM links WHERE "at" < TIMESTAMP '2026-11-21' AND NOT coalesce(status IN ('met', 'won', 'lost'), false)
    AND NOT coalesce(met_at < TIMESTAMP '2026-11-21', false) AND NOT coalesce(won_at < TIMESTAMP '2026-11-21', false)
    AND NOT coalesce(lost_at < TIMESTAMP '2026-11-21', false)),
carried AS (
  SELECT contact_id, cycle FROM owed UNION SELECT contact_id, cycle FROM asks WHERE play = 'thank_you'),
leads AS (
  SELECT f.referred_id AS contact_id, f.referral_id AS cycle, f."at" FROM fresh f JOIN prospects p ON p.contact_id = f.referred_id
  UNION ALL
  SELECT f.referrer_id, f.referral_id, f."at" FROM fresh f
  WHERE referred_id IS NULL AND known_name IS NOT NULL AND NOT EXISTS (
    FROM carried x WHERE x.contact_id = f.referrer_id AND x.cycle = f.referral_id || ':received')),
welcome AS (
  SELECT f.*, d.priority FROM facts f JOIN decided d USING (contact_id)
  WHERE f.consent <> 'no' AND NOT f.do_not_ask AND NOT f.said_never AND NOT f.wrong_person),
places AS (
  SELECT 0 AS tier, priority, contact_id, 'fast_lane' AS play, l.cycle FROM leads l JOIN welcome w USING (contact_id)
  WHERE recovery_state <> 'incident' AND NOT left_company AND l."at" >= TIMESTAMP '2026-10-21' AND l."at" < TIMESTAMP '2026-11-21'
  UNION ALL
  SELECT 0, priority, contact_id, 'thank_you', o.cycle FROM owed o JOIN welcome w USING (contact_id)
  WHERE o."at" >= TIMESTAMP '2026-10-21' AND o."at" < TIMESTAMP '2026-11-21'
  UNION ALL
  SELECT 1, d.priority, contact_id, 'recover', f.incident_id FROM facts f JOIN decided d USING (contact_id)
  WHERE recovery_state = 'incident' AND NOT left_company AND incident_at >= TIMESTAMP '2026-10-21'
  UNION ALL
  SELECT 2, priority, contact_id, 'ask', cycle FROM decided WHERE verdict = 'ask'
  UNION ALL
  SELECT 3, priority, contact_id, 'warm_up', cycle FROM decided WHERE verdict = 'warm_up'
  UNION ALL
  SELECT 4, priority, contact_id, 'quiet', '2026-Q4' FROM welcome
  WHERE recovery_state <> 'incident' AND NOT left_company AND kind = 'customer' AND purchase_days > 0
    AND coalesce(status, '') <> 'lost' AND passed(last_purchase_at) > 120
    AND coalesce(passed(conversation_at) > 120, true) AND coalesce(passed(give_last_at) > 120, true)
    AND coalesce(passed(asked_last_at) > 120, true) AND coalesce(passed(survey_last_at) > 120, true))
SELECT DISTINCT p.contact_id, p.play, p.cycle, a.rep, c.account_id, p.tier, p.priority
FROM places p JOIN assignees a USING (contact_id) JOIN contacts c USING (contact_id)
WHERE p.cycle IS NOT NULL AND NOT EXISTS (
  FROM asks k WHERE k.contact_id = p.contact_id AND k.play = p.play AND k.cycle = p.cycle)
ORDER BY p.tier, p.priority DESC, p.contact_id, p.play, p.cycle;
