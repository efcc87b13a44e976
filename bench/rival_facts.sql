-- What is known of each person, by hand, as a good analyst would write it for one firm: DuckDB, one pass a topic.
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

CREATE TEMP TABLE given AS
SELECT *, coalesce(done_at, created_at) AS ended
FROM asks
WHERE contact_id IS NOT NULL AND (created_at IS NULL OR created_at < TIMESTAMP '2026-11-22')
  AND outcome = 'yes' AND outcome_name IS NOT NULL AND coalesce(done_at, created_at) < TIMESTAMP '2026-11-22';

CREATE TEMP TABLE history AS
WITH placed AS (
  SELECT *, row_number() OVER (PARTITION BY contact_id ORDER BY ended DESC, task_key DESC) AS back,
    max(CASE WHEN NOT silent THEN ended END) OVER (PARTITION BY contact_id) AS heard_at,
    outcome IS NULL OR outcome = 'later' AS later
  FROM asked),
told AS (
  SELECT contact_id, count(*) AS asks_done, max(ended) AS asked_last_at,
    count(*) FILTER (ended >= TIMESTAMP '2025-11-21') AS asks_365,
    count(*) FILTER (ended >= TIMESTAMP '2025-11-21' AND silent) AS unanswered_365,
    count(*) FILTER (silent AND (heard_at IS NULL OR ended > heard_at)) AS unanswered_row,
    max(ended) FILTER (silent AND (heard_at IS NULL OR ended > heard_at)) AS unanswered_last_at,
    max(date_trunc('day', ended)) FILTER (back = 4) + INTERVAL 365 DAY AS asks_cap_until,
    max(CASE WHEN later AND outcome_at IS NOT NULL THEN outcome_at
             WHEN outcome = 'no' THEN greatest(date_trunc('day', ended) + INTERVAL 180 DAY, outcome_at)
             WHEN outcome = 'later' THEN date_trunc('day', ended) + INTERVAL 60 DAY
             ELSE greatest(date_trunc('day', ended) + INTERVAL 90 DAY, outcome_at) END) FILTER (back = 1) AS rest,
    max(outcome_at) FILTER (back = 1 AND later) AS later_at,
    max(task_key) FILTER (back = 1 AND later AND outcome_at IS NOT NULL) || ':later' AS later_id
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
FROM given a
WHERE NOT EXISTS (FROM names n WHERE n.referrer_id = a.contact_id AND n.name = lower(trim(a.outcome_name)))
  AND task_key NOT IN (SELECT referral_id FROM known);

CREATE TEMP TABLE owed AS
WITH events AS (
  SELECT referrer_id AS contact_id, referral_id, 'received' AS event, 0 AS turn, "at" FROM links WHERE "at" < TIMESTAMP '2026-11-21'
  UNION ALL SELECT referrer_id, referral_id, 'met', 1, met_at FROM links WHERE met_at < TIMESTAMP '2026-11-21'
  UNION ALL SELECT referrer_id, referral_id, 'won', 2, won_at FROM links WHERE won_at < TIMESTAMP '2026-11-21'
  UNION ALL SELECT referrer_id, referral_id, 'lost', 3, lost_at FROM links WHERE lost_at < TIMESTAMP '2026-11-21'),
thanked AS (
  SELECT a.contact_id, lower(trim(a.outcome_name)) AS name FROM given a
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
