-- People, their consents and their facts for benchmarks/registry.py: invented, and only as varied as the lists need.
INSERT INTO accounts_user (public_id, email, name, password, is_active, joined, language)
  VALUES (gen_random_uuid(), 'clinician@example.org', 'Clinician', '!', true, now(), '');
--;
INSERT INTO mfa_authenticator (type, data, created_at, user_id)
  SELECT 'totp', '{"secret": "JBSWY3DPEHPK3PXP"}', now(), id FROM accounts_user;
--;
INSERT INTO accounts_centre (slug, name, city, country)
  SELECT 'c' || n, 'Centre ' || n, '', 'DE' FROM generate_series(1, %(centres)s) n;
--;
INSERT INTO accounts_membership (role, since, centre_id, user_id)
  SELECT role, now(), c.id, u.id FROM accounts_centre c, accounts_user u, unnest(ARRAY['clinician', 'lead']) role;
--;
INSERT INTO registry_person (pseudonym, centre_id, sex, birth_year, status, last_seen, created, revision)
  SELECT translate(upper(substr(h, 1, 4) || '-' || substr(h, 5, 4) || '-' || substr(h, 9, 4)), 'O', '0'),
         (SELECT min(id) FROM accounts_centre) + n %% %(centres)s,
         CASE n %% 5 WHEN 0 THEN 'female' WHEN 1 THEN 'female' ELSE 'male' END, 1940 + n %% 60, 'alive', '', now(), 1
  FROM generate_series(1, %(people)s) n, LATERAL (SELECT md5('person ' || n) AS h) _;
--;
-- One in ten never agreed to their centre; one in twenty agreed and withdrew.
INSERT INTO registry_consent (purpose, given, document, language, method, by_id, at, person_id)
  SELECT purpose, NOT (purpose = 'centre' AND p.birth_year %% 10 = 0), %(document)s, 'en', 'paper', NULL, now(), pseudonym
  FROM registry_person p, unnest(ARRAY['care', 'centre', 'research', 'contact', 'map', 'stories']) purpose;
--;
INSERT INTO registry_consent (purpose, given, document, language, method, by_id, at, person_id)
  SELECT 'centre', false, %(document)s, 'en', 'paper', NULL, now(), pseudonym
  FROM registry_person WHERE birth_year %% 20 = 1;
--;
INSERT INTO registry_fact (person_id, kind, about, first_day, last_day, document, digest, state, entered, why)
  SELECT pseudonym, 'measurement', about, day, day,
         jsonb_build_object('measure', jsonb_build_object('codings', jsonb_build_array(jsonb_build_object('id', code))),
                            'value', jsonb_build_object('value', 50 + (visit * 37 + p.birth_year) %% 900, 'unit', unit),
                            'specimen', specimen, 'on', to_char(day, 'YYYY-MM-DD'),
                            'provenance', jsonb_build_object('said_by', 'laboratory')),
         encode(sha256(convert_to(pseudonym || about || visit, 'UTF8')), 'hex'), 'current', now(), ''
  FROM registry_person p, generate_series(1, %(visits)s) visit,
       (VALUES ('vegf', 'LOINC:75628-8', 'pg/mL', 'serum'), ('platelets', 'LOINC:777-3', '10*9/L', 'blood'),
               ('onls', 'OPENPOEMS:onls', '{score}', '')) m (about, code, unit, specimen),
       LATERAL (SELECT date '2026-11-01' - visit * 90 - p.birth_year %% 80 AS day) _;
--;
INSERT INTO clinic_snapshot (person_id, revision, made_by, diagnosed, last_visit, vegf_day, vegf, unverified, conflicts,
                             doubts, elements, findings, last_days)
  SELECT pseudonym, revision, %(made_by)s, date '2015-01-01' + birth_year * 17 %% 3000, date '2026-08-01' - birth_year %% 80,
         date '2026-08-01' - birth_year %% 80, '343 pg/mL serum', birth_year %% 7, (birth_year %% 30 = 0)::int, 0,
         '["vegf"]', '[]', '{"vegf": "2026-06-01"}'
  FROM registry_person;
--;
INSERT INTO attention_attention (person_id, revision, made_by, seen, again, undetermined, lost, rising, unverified,
                                 conflicts, due, last_visit, reasons, overdue)
  SELECT pseudonym, revision, %(made_by)s, now(), NULL, birth_year %% 3 = 0, false, false, birth_year %% 7,
         (birth_year %% 30 = 0)::int, date '2026-10-01' + birth_year %% 120, date '2026-08-01' - birth_year %% 80, '[]', '[]'
  FROM registry_person;
