-- The rules over what rival_facts.sql knows of each person, what changes on the host, and who is in line for a task.

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
