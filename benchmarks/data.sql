-- Ten years of supervision: 200 bodies, 2,500 campaigns, 100,000 recommendations, 20,000 findings.
-- Ids follow from numbers, as key('body', 1), so that whoever measures knows them without asking.
--
-- Body 1 leads campaigns of its own only, body 150 is only ever addressed, body 200 takes no part in anything. The
-- others lead (2-100), join as partners (2-100), are addressed (2-199), supervised (151-199) and superior (2-21).
--
-- Nothing here searches recommendations or writes them, and their search index takes longest to fill: it is left out.
DROP INDEX ix_recommendation_search;

CREATE FUNCTION key(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || ' ' || n)::uuid $$;

INSERT INTO body (id, created_at, version, kind, level, parent_id, valid_from, is_registry)
SELECT key('body', n), now(), 1,
       (ARRAY['front_committee', 'spo', 'party_committee', 'mass_mob', 'pc_committee', 'department'])[1 + n % 6],
       CASE WHEN n <= 21 THEN 'province' WHEN n <= 100 THEN 'district' ELSE 'commune' END,
       CASE WHEN n BETWEEN 22 AND 199 THEN key('body', 2 + n % 20) END, '2010-01-01', n = 200
  FROM generate_series(1, 200) n;

-- Half of them bear a new name since the reorganisation of 01/07/2025.
INSERT INTO body_name (id, created_at, body_id, name, short_name, symbol, valid_from, valid_to)
SELECT uuidv7(), now(), key('body', n), 'Ủy ban Mặt trận Tổ quốc Việt Nam huyện số ' || n, 'MTTQ huyện ' || n, 'MT' || n,
       date '2010-01-01', CASE WHEN n % 2 = 0 THEN date '2025-06-30' END
  FROM generate_series(1, 200) n
 UNION ALL
SELECT uuidv7(), now(), key('body', n), 'Ủy ban Mặt trận Tổ quốc Việt Nam xã số ' || n, 'MTTQ xã ' || n, 'MT' || n,
       date '2025-07-01', NULL
  FROM generate_series(2, 200, 2) n;

INSERT INTO account (id, created_at, version, login, name, failed_attempts)
SELECT key('account', n), now(), 1, 'account' || n || '@example.vn', 'Cán bộ ' || n, 0 FROM generate_series(1, 200) n;

INSERT INTO membership (id, created_at, version, account_id, body_id, accepted_at)
SELECT key('membership', n), now(), 1, key('account', n), key('body', n), now() FROM generate_series(1, 200) n;

INSERT INTO membership_duty (id, created_at, membership_id, duty, valid_from)
SELECT uuidv7(), now(), key('membership', n), 'leader', '2015-01-01' FROM generate_series(1, 200) n;

INSERT INTO session_family (id, created_at, account_id, body_id, last_used_at, expires_at)
SELECT key('family', n), now(), key('account', n), key('body', n), now(), now() + interval '10 years'
  FROM generate_series(1, 200) n;

-- 250 campaigns a year; each body of 1-100 leads 25 of them.
CREATE TEMP TABLE planned AS
SELECT n, key('campaign', n) AS id, date '2016-01-04' + n * 3650 / 2500 AS day,
       1 + n % 100 AS lead
  FROM generate_series(1, 2500) n;

INSERT INTO campaign (id, created_at, version, kind, regime, form, ground, title, topic, topic_codes, scope, review_from,
                      review_to, window_from, window_to, outline, lead_body_id, deciding_body_id, state, planned_on)
SELECT id, day, 1, 'supervision', 'party', 'delegation', 'programme', 'Giám sát việc thực hiện Kết luận số ' || n,
       'Đổi mới nội dung và phương thức hoạt động', '[]', '{}', day - 1000, day - 5, day, day + 120, '{"items": []}',
       key('body', lead), key('body', lead), 'underway', day - 30
  FROM planned;

INSERT INTO campaign_partner (id, created_at, campaign_id, body_id, outcome)
SELECT uuidv7(), day, id, key('body', 2 + (n * 7 + k * 31) % 99), 'concurred'
  FROM planned, generate_series(1, 2) k;

INSERT INTO delegation (id, created_at, version, campaign_id, name, decided_on, state)
SELECT key('delegation', n), day, 1, id, 'Đoàn giám sát ' || n, day, 'decided' FROM planned;

INSERT INTO delegation_member (id, created_at, delegation_id, account_id, person_name, body_id, duty, valid_from, recused)
SELECT uuidv7(), day, key('delegation', n), key('account', lead), 'Cán bộ ' || lead, key('body', lead), 'head', day, false
  FROM planned;

INSERT INTO engagement (id, created_at, version, campaign_id, delegation_id, supervised_body_id, state, notified_on,
                        received_on, procedure_breaches)
SELECT key('engagement', n), day, 1, id, key('delegation', n), key('body', 151 + n % 49), 'notified', day, day + 2, '[]'
  FROM planned;

-- 40 to a campaign, the newest last; one in 33 is a draft that names nobody yet.
INSERT INTO recommendation (
    id, created_at, version, number, origin, campaign_id, engagement_id, issuer_body_id, addressee_id, verifier_body_id,
    copy_to, owner_name, owner_title, action, expected_result, measure, finding_ids, issued_on, received_assumed,
    reply_from, reply_due_on, due_on, due_sort, due_basis, state, reply_status, implementation, escalation_level,
    escalated_to_id, reply, verification, resolved_on, claim_evidence, received_on)
SELECT uuidv7(day + made - now()), day + made, 3, CASE WHEN NOT draft THEN m END, 'report', id,
       CASE WHEN m % 2 = 0 THEN key('engagement', n) END, key('body', lead), addressee, key('body', lead), '[]',
       'Trương Duy Hải', 'Phó Bí thư Thường trực',
       'Chỉ đạo cụ thể hóa các văn bản về công tác Mặt trận và đoàn thể ở cơ sở, nội dung thứ ' || m,
       'Có kế hoạch hằng năm được ban hành và báo cáo kết quả', 'Số chi bộ có kế hoạch', '[]', issued, false,
       issued, issued + 30, issued + 180, coalesce(issued + 180, date '9999-12-31'),
       '{"text": "Thông báo kết luận của Đoàn giám sát"}',
       CASE WHEN draft THEN 'draft' WHEN day < '2025-01-01' THEN 'resolved' ELSE 'issued' END,
       CASE WHEN NOT draft THEN 'awaiting' END, CASE WHEN NOT draft THEN 'not_started' END,
       (m % 20 = 0 AND NOT draft)::int, CASE WHEN m % 20 = 0 AND NOT draft THEN key('body', 2 + n % 20) END,
       NULL, NULL, CASE WHEN NOT draft AND day < '2025-01-01' THEN issued + 150 END, '[]', issued + 3
  FROM (SELECT *, CASE WHEN NOT draft THEN day + 100 END AS issued,
               CASE WHEN NOT draft THEN key('body', 2 + (n * 17 + m * 59) % 198) END AS addressee
          FROM (SELECT *, (n + m) % 33 = 0 AS draft, interval '90 days' + m * interval '1 minute' AS made
                  FROM planned, generate_series(1, 40) m) AS numbered) AS addressed
 ORDER BY day, n, m;

INSERT INTO finding (id, created_at, version, campaign_id, engagement_id, author_account_id, author_body_id, kind, content,
                     context, criteria, cause_of, evidence, state, first_digest, field_versions)
SELECT uuidv7(day + interval '40 days' - now()), day, 1, id, key('engagement', n), key('account', lead),
       key('body', lead), 'limitation', 'Một số phong trào thi đua chưa bền vững, nội dung thứ ' || m, false, '[]', '[]',
       '[{"kind": "note", "text": "Biên bản khảo sát"}]', 'submitted', md5(n || ' ' || m), '{}'
  FROM planned, generate_series(1, 8) m;
