-- The whole schema. Every later change is a migration of its own (docs/decisions/0017-prisma-and-sql.md).
-- In order: domains, enums, tables, indexes, functions, triggers, first rows. Rights of the serving role are granted by
-- npm run migrate (lib/db/serving-role.ts), since its name is the operator's.


-- Domains

-- The form of a language code. Which languages there are is said in lib/i18n/locales alone.
CREATE DOMAIN locale AS text
  CONSTRAINT locale_form CHECK (VALUE ~ '^[a-z]{2,3}(-[A-Z]{2})?$');


-- Enums

CREATE TYPE campaign_status AS ENUM ('open', 'closed');
CREATE TYPE signature_state AS ENUM ('pending', 'confirmed', 'invalid');
CREATE TYPE signature_source AS ENUM ('web', 'paper');
CREATE TYPE token_purpose AS ENUM ('confirm', 'manage', 'unsubscribe');
CREATE TYPE paper_import_state AS ENUM ('draft', 'imported', 'undone');

CREATE TYPE mail_kind AS ENUM ('confirmation', 'reminder', 'confirmed', 'access');
CREATE TYPE mail_state AS ENUM ('queued', 'batched', 'sent', 'dead');
CREATE TYPE mail_batch_state AS ENUM ('frozen', 'finished', 'ambiguous');
CREATE TYPE mail_outcome AS ENUM ('delivered', 'bounced', 'complained');
CREATE TYPE mail_stopper AS ENUM ('restore', 'operator');
CREATE TYPE suppression_reason AS ENUM ('bounced', 'complained', 'stopped');

CREATE TYPE share_sum_kind AS ENUM ('channel', 'language', 'site', 'step');

CREATE TYPE abuse_verdict AS ENUM ('block', 'allow');
CREATE TYPE abuse_alarm_kind AS ENUM ('network', 'domain');
CREATE TYPE invalidation_state AS ENUM ('running', 'finished', 'cancelled', 'undoing', 'undone');
CREATE TYPE review_group_kind AS ENUM ('burst', 'joke-name', 'look-alike', 'network', 'same-name');

CREATE TYPE export_state AS ENUM ('running', 'finished', 'aborted', 'failed');
CREATE TYPE export_format AS ENUM ('csv', 'xlsx', 'ndjson');

CREATE TYPE admin_role AS ENUM ('viewer', 'exporter', 'owner');
CREATE TYPE admin_enrolment_kind AS ENUM ('both', 'password', 'authenticator');
CREATE TYPE audit_actor_kind AS ENUM ('account', 'token', 'system');


-- Tables: campaigns

CREATE TABLE campaign (
  id uuid NOT NULL,
  slug text NOT NULL,
  status campaign_status NOT NULL DEFAULT 'open',
  goal integer NOT NULL,
  next_goals integer[] DEFAULT ARRAY[25000, 50000, 100000, 250000, 500000, 1000000]::integer[],
  -- Null: any site may frame the form.
  allowed_origins text[],
  -- What all its share codes begin with; made at first need.
  share_stem text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  closed_at timestamptz(3),
  -- Its signatures are destroyed a month later.
  handed_over_at timestamptz(3),

  CONSTRAINT campaign_pkey PRIMARY KEY (id),
  CONSTRAINT campaign_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT campaign_goal_positive CHECK (goal > 0),
  CONSTRAINT campaign_next_goals_positive CHECK (0 < ALL (next_goals)),
  CONSTRAINT campaign_share_stem_form CHECK (share_stem ~ '^[23456789bcdfghjkmnpqrstvwxz]{6}$'),
  CONSTRAINT campaign_closed_at_with_status CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT campaign_handed_over_when_closed CHECK (handed_over_at IS NULL OR status = 'closed')
);

-- A text of one campaign that replaces the one the interface comes with.
CREATE TABLE campaign_text (
  campaign_id uuid NOT NULL,
  locale locale NOT NULL,
  key text NOT NULL,
  text text NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT campaign_text_pkey PRIMARY KEY (campaign_id, locale, key),
  CONSTRAINT campaign_text_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- News, in one language each.
CREATE TABLE campaign_update (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  locale locale NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  published_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  changed_at timestamptz(3),

  CONSTRAINT campaign_update_pkey PRIMARY KEY (id),
  CONSTRAINT campaign_update_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE campaign_milestone (
  campaign_id uuid NOT NULL,
  goal integer NOT NULL,
  percent smallint NOT NULL,
  reached_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT campaign_milestone_pkey PRIMARY KEY (campaign_id, goal, percent),
  CONSTRAINT campaign_milestone_percent_known CHECK (percent IN (25, 50, 75, 100)),
  CONSTRAINT campaign_milestone_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);


-- Tables: signatures

-- What people agreed to, word for word. A new wording is a new version.
CREATE TABLE consent_text (
  id uuid NOT NULL,
  version text NOT NULL,
  locale locale NOT NULL,
  text text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT consent_text_pkey PRIMARY KEY (id)
);

-- A sheet between its preview and its import, sealed; afterwards only what became of it.
CREATE TABLE paper_import (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  state paper_import_state NOT NULL DEFAULT 'draft',
  data_key_id text NOT NULL,
  rows_encrypted bytea,
  file_key bytea NOT NULL,
  signatures integer NOT NULL,
  actor_label text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  imported_at timestamptz(3),

  CONSTRAINT paper_import_pkey PRIMARY KEY (id),
  CONSTRAINT paper_import_rows_while_draft CHECK ((rows_encrypted IS NOT NULL) = (state = 'draft')),
  CONSTRAINT paper_import_imported CHECK ((imported_at IS NULL) = (state = 'draft')),
  CONSTRAINT paper_import_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE signature (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  -- Who is the same person, without the address.
  mailbox_key bytea NOT NULL,
  -- Name and address as one value of one of two sizes, so that its length tells nothing.
  data_key_id text NOT NULL,
  person_encrypted bytea NOT NULL,
  has_address boolean NOT NULL DEFAULT true,
  -- The first bits of the name's keyed hash: shared by hundreds of people.
  name_bucket integer NOT NULL,
  country char(2) NOT NULL,
  locale locale NOT NULL,
  state signature_state NOT NULL DEFAULT 'pending',
  -- The trap field was filled in: counts once an owner released it.
  held boolean NOT NULL DEFAULT false,
  wants_updates boolean NOT NULL,
  public_name boolean NOT NULL,
  -- Of the name only its first letter.
  public_initial boolean NOT NULL DEFAULT false,
  consent_text_id uuid NOT NULL,
  -- A code of the organisation's own, never of a link that was passed on.
  ref text,
  -- How a pending signature came, until it is counted.
  came_channel text,
  came_step smallint,
  origin text,
  source signature_source NOT NULL DEFAULT 'web',
  paper_import_id uuid,
  -- Null on paper and once the day's salt is destroyed.
  network_key bytea,
  -- Tells the last form that was sent for a pending signature from others.
  submission_mark bytea,
  signed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  confirmed_at timestamptz(3),
  corrected_at timestamptz(3),
  mail_requested_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  reminded_at timestamptz(3),
  access_requested_at timestamptz(3),
  unsubscribed_at timestamptz(3),

  CONSTRAINT signature_pkey PRIMARY KEY (id),
  CONSTRAINT signature_mailbox_key_length CHECK (octet_length(mailbox_key) = 32),
  -- Nonce, tag and a filled text in between: a plain text written by mistake is refused, too.
  CONSTRAINT signature_person_sealed CHECK (octet_length(person_encrypted) IN (188, 1564)),
  CONSTRAINT signature_address_unless_paper CHECK (has_address OR source = 'paper'),
  CONSTRAINT signature_name_bucket_positive CHECK (name_bucket > 0),
  CONSTRAINT signature_country_form CHECK (country ~ '^[A-Z]{2}$'),
  CONSTRAINT signature_ref_form CHECK (ref ~ '^[23456789bcdfghjkmnpqrstvwxz]{8}$'),
  CONSTRAINT signature_came_step_known CHECK (came_step BETWEEN 1 AND 3),
  CONSTRAINT signature_came_until_confirmed CHECK ((came_channel IS NULL) = (came_step IS NULL) AND (came_step IS NULL OR state <> 'confirmed')),
  CONSTRAINT signature_origin_form CHECK (origin ~ '^https?://[^/?#@[:space:]]+$' AND length(origin) <= 255),
  CONSTRAINT signature_submission_mark_length CHECK (octet_length(submission_mark) = 4),
  CONSTRAINT signature_confirmed_at_with_state CHECK ((state = 'confirmed') = (confirmed_at IS NOT NULL)),
  CONSTRAINT signature_confirmed_after_signed CHECK (confirmed_at >= signed_at),
  CONSTRAINT signature_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT signature_consent_text_id_fkey FOREIGN KEY (consent_text_id) REFERENCES consent_text (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT signature_paper_import_id_fkey FOREIGN KEY (paper_import_id) REFERENCES paper_import (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- Why a signature does not count, by whom it was marked, and what it was before: enough to take the mark back.
CREATE TABLE signature_invalidation (
  signature_id uuid NOT NULL,
  -- What was marked in one go. No foreign key: only marks made by a rule have a row in invalidation_job.
  job_id uuid NOT NULL,
  reason text NOT NULL,
  confirmed_at timestamptz(3),
  actor_label text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- Withdrawn in one go: deleted by the worker once the hour to take it back is over.
  delete_at timestamptz(3),
  delete_job_id uuid,

  CONSTRAINT signature_invalidation_pkey PRIMARY KEY (signature_id),
  CONSTRAINT signature_invalidation_reason_length CHECK (length(reason) BETWEEN 1 AND 200),
  CONSTRAINT signature_invalidation_delete CHECK ((delete_at IS NULL) = (delete_job_id IS NULL)),
  CONSTRAINT signature_invalidation_signature_id_fkey FOREIGN KEY (signature_id) REFERENCES signature (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Whose names are shown just now.
CREATE TABLE shown_name (
  signature_id uuid NOT NULL,
  campaign_id uuid NOT NULL,

  CONSTRAINT shown_name_pkey PRIMARY KEY (signature_id),
  CONSTRAINT shown_name_signature_id_fkey FOREIGN KEY (signature_id) REFERENCES signature (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT shown_name_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE token (
  hash bytea NOT NULL,
  purpose token_purpose NOT NULL,
  signature_id uuid NOT NULL,
  -- The mail whose form it confirms. No foreign key: each deleted mail would be looked for here.
  mail_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3),

  CONSTRAINT token_pkey PRIMARY KEY (hash),
  CONSTRAINT token_hash_length CHECK (octet_length(hash) = 32),
  CONSTRAINT token_confirm_expires CHECK (purpose <> 'confirm' OR expires_at IS NOT NULL),
  CONSTRAINT token_signature_id_fkey FOREIGN KEY (signature_id) REFERENCES signature (id) ON DELETE CASCADE ON UPDATE CASCADE
);


-- Tables: mail

-- One request to the provider, frozen under its id, which is the idempotency key.
CREATE TABLE mail_batch (
  id uuid NOT NULL,
  state mail_batch_state NOT NULL DEFAULT 'frozen',
  data_key_id text NOT NULL,
  payload_encrypted bytea,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  first_attempt_at timestamptz(3),
  next_attempt_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  leased_until timestamptz(3),
  leased_by uuid,
  last_reason text,
  finished_at timestamptz(3),
  -- Fewer mails than were frozen: somebody was erased. The body is not to outlive them for long.
  mails_frozen integer,
  member_gone_at timestamptz(3),

  CONSTRAINT mail_batch_pkey PRIMARY KEY (id),
  CONSTRAINT mail_batch_payload_with_state CHECK (
    (state = 'frozen' AND payload_encrypted IS NOT NULL) OR (state = 'finished' AND payload_encrypted IS NULL) OR state = 'ambiguous'
  ),
  CONSTRAINT mail_batch_finished_at_with_state CHECK ((state = 'finished') = (finished_at IS NOT NULL)),
  CONSTRAINT mail_batch_lease_whole CHECK ((leased_until IS NULL) = (leased_by IS NULL)),
  CONSTRAINT mail_batch_counted_while_frozen CHECK (state = 'frozen' OR (mails_frozen IS NULL AND member_gone_at IS NULL))
);

-- The outbox: a mail is owed from the moment its row is committed with the signature.
CREATE TABLE mail (
  id uuid NOT NULL,
  signature_id uuid NOT NULL,
  kind mail_kind NOT NULL,
  -- The form it was sent for, when that came while the signature was pending.
  submission_encrypted bytea,
  data_key_id text,
  state mail_state NOT NULL DEFAULT 'queued',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  batch_id uuid,
  position integer,
  provider_id text,
  reason text,
  finished_at timestamptz(3),
  -- What the provider reported later.
  outcome mail_outcome,
  outcome_at timestamptz(3),

  CONSTRAINT mail_pkey PRIMARY KEY (id),
  CONSTRAINT mail_submission_whole CHECK ((submission_encrypted IS NULL) = (data_key_id IS NULL)),
  -- A mail leaves its batch when it is sent or given up: a gap in the batch would tell that somebody was erased.
  CONSTRAINT mail_batch_with_state CHECK ((state = 'batched') = (batch_id IS NOT NULL)),
  CONSTRAINT mail_position_with_batch CHECK ((batch_id IS NULL) = (position IS NULL)),
  CONSTRAINT mail_reason_with_state CHECK (state <> 'dead' OR reason IS NOT NULL),
  CONSTRAINT mail_finished_at_with_state CHECK ((state IN ('sent', 'dead')) = (finished_at IS NOT NULL)),
  CONSTRAINT mail_outcome_at_with_outcome CHECK ((outcome IS NULL) = (outcome_at IS NULL)),
  CONSTRAINT mail_signature_id_fkey FOREIGN KEY (signature_id) REFERENCES signature (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT mail_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES mail_batch (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- One row: whether the provider asked us to wait, and whether sending is stopped until somebody says so.
CREATE TABLE mail_pause (
  id smallint NOT NULL,
  paused_until timestamptz(3),
  reason text,
  stopped_since timestamptz(3),
  stopped_by mail_stopper,

  CONSTRAINT mail_pause_pkey PRIMARY KEY (id),
  CONSTRAINT mail_pause_single_row CHECK (id = 1),
  CONSTRAINT mail_pause_stopped_by_somebody CHECK ((stopped_since IS NULL) = (stopped_by IS NULL))
);

-- What the mail provider refuses, by reason. Each kind of provider has reasons of its own: no enum.
CREATE TABLE mail_failure (
  reason text NOT NULL,
  total bigint NOT NULL DEFAULT 1,
  answer text NOT NULL,
  since timestamptz(3),

  CONSTRAINT mail_failure_pkey PRIMARY KEY (reason)
);

-- Webhook calls already acted upon, by the sender's id.
CREATE TABLE webhook_delivery (
  id text NOT NULL,
  provider_id text,
  outcome mail_outcome NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id)
);

-- Mailboxes that are not mailed. No row tells that its owner had signed, or when.
CREATE TABLE suppression (
  mailbox_key bytea NOT NULL,
  reason suppression_reason NOT NULL,
  since date NOT NULL DEFAULT CURRENT_TIMESTAMP,
  retried_on date,

  CONSTRAINT suppression_pkey PRIMARY KEY (mailbox_key),
  CONSTRAINT suppression_mailbox_key_length CHECK (octet_length(mailbox_key) = 32),
  CONSTRAINT suppression_retried_after_bounce CHECK (retried_on IS NULL OR reason = 'bounced')
);

-- Unsubscribe links that work when the signature is gone: as many for each mailbox, so that they do not count its mails.
CREATE TABLE suppression_link (
  hash bytea NOT NULL,
  mailbox_key bytea NOT NULL,
  slot smallint NOT NULL,

  CONSTRAINT suppression_link_pkey PRIMARY KEY (hash),
  CONSTRAINT suppression_link_hash_length CHECK (octet_length(hash) = 32),
  CONSTRAINT suppression_link_slot_range CHECK (slot BETWEEN 0 AND 3),
  CONSTRAINT suppression_link_mailbox_key_fkey FOREIGN KEY (mailbox_key) REFERENCES suppression (mailbox_key) ON DELETE CASCADE ON UPDATE CASCADE
);

-- How many mails typing addresses caused in one day. The key holds the day's salt.
CREATE TABLE mail_allowance (
  day date NOT NULL,
  key bytea NOT NULL,
  mails integer NOT NULL,

  CONSTRAINT mail_allowance_pkey PRIMARY KEY (day, key),
  CONSTRAINT mail_allowance_key_length CHECK (octet_length(key) = 32)
);


-- Tables: figures

-- Exact count, spread over shards so that no row is hot. Both columns are kept by triggers on signature.
CREATE TABLE confirmed_count (
  campaign_id uuid NOT NULL,
  shard smallint NOT NULL,
  confirmed bigint NOT NULL DEFAULT 0,
  -- Of those once confirmed, what was taken back since.
  removed bigint NOT NULL DEFAULT 0,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT confirmed_count_pkey PRIMARY KEY (campaign_id, shard),
  CONSTRAINT confirmed_count_shard_range CHECK (shard BETWEEN 0 AND 15),
  CONSTRAINT confirmed_count_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What changed in the figures of one hour, until the worker folds it into signature_hour. No foreign key: it is written
-- with every signature, which has one.
CREATE TABLE signature_change (
  id bigserial NOT NULL,
  campaign_id uuid NOT NULL,
  hour timestamptz(3) NOT NULL,
  country char(2) NOT NULL,
  locale locale NOT NULL,
  signed integer NOT NULL,
  confirmed integer NOT NULL,

  CONSTRAINT signature_change_pkey PRIMARY KEY (id)
);

CREATE TABLE signature_hour (
  campaign_id uuid NOT NULL,
  hour timestamptz(3) NOT NULL,
  country char(2) NOT NULL,
  locale locale NOT NULL,
  signed integer NOT NULL,
  confirmed integer NOT NULL,

  CONSTRAINT signature_hour_pkey PRIMARY KEY (campaign_id, hour, country, locale),
  CONSTRAINT signature_hour_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- The count that the public is shown. It moves in steps of several changes (docs/decisions/0008).
CREATE TABLE published_count (
  campaign_id uuid NOT NULL,
  count bigint NOT NULL DEFAULT 0,
  gained bigint NOT NULL DEFAULT 0,
  removed bigint NOT NULL DEFAULT 0,
  published_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  threshold smallint NOT NULL,
  due_at timestamptz(3),

  CONSTRAINT published_count_pkey PRIMARY KEY (campaign_id),
  CONSTRAINT published_count_threshold_range CHECK (threshold BETWEEN 3 AND 5),
  CONSTRAINT published_count_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- By how much the published count moved in each hour.
CREATE TABLE published_hour (
  campaign_id uuid NOT NULL,
  hour timestamptz(3) NOT NULL,
  change bigint NOT NULL,

  CONSTRAINT published_hour_pkey PRIMARY KEY (campaign_id, hour),
  CONSTRAINT published_hour_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What the public is shown by country, and what had happened by then.
CREATE TABLE country_figures (
  campaign_id uuid NOT NULL,
  shown jsonb NOT NULL,
  gained bigint NOT NULL,
  removed bigint NOT NULL,
  taken_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT country_figures_pkey PRIMARY KEY (campaign_id),
  CONSTRAINT country_figures_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What else is told in secret steps: a row for each country, and one for those who show their names.
CREATE TABLE told_figure (
  campaign_id uuid NOT NULL,
  of text NOT NULL,
  told integer NOT NULL DEFAULT 0,
  rise_at integer NOT NULL,
  fall_at integer NOT NULL,
  changed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT told_figure_pkey PRIMARY KEY (campaign_id, of),
  CONSTRAINT told_figure_in_tens CHECK (told >= 0 AND told % 10 = 0),
  CONSTRAINT told_figure_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- From how many networks they came on each day. Only a number: it leads to no network.
CREATE TABLE network_tally (
  campaign_id uuid NOT NULL,
  of text NOT NULL,
  day date NOT NULL,
  networks integer NOT NULL,

  CONSTRAINT network_tally_pkey PRIMARY KEY (campaign_id, of, day),
  CONSTRAINT network_tally_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What share links bring, in sums over many (docs/decisions/0013). No table knows a link.
CREATE TABLE share_sum (
  campaign_id uuid NOT NULL,
  kind share_sum_kind NOT NULL,
  key text NOT NULL,
  shard smallint NOT NULL,
  visits bigint NOT NULL DEFAULT 0,
  signed bigint NOT NULL DEFAULT 0,
  confirmed bigint NOT NULL DEFAULT 0,
  -- 64 bits; each network that signed sets one of them.
  networks bigint NOT NULL DEFAULT 0,

  CONSTRAINT share_sum_pkey PRIMARY KEY (campaign_id, kind, key, shard),
  CONSTRAINT share_sum_shard_range CHECK (shard BETWEEN 0 AND 15),
  CONSTRAINT share_sum_counts_up CHECK (visits >= 0 AND signed >= 0 AND confirmed >= 0),
  CONSTRAINT share_sum_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);


-- Tables: abuse

-- The random salt of one day's network keys. Once it is deleted, no key of that day can be tied to a network again.
CREATE TABLE network_salt (
  day date NOT NULL,
  salt bytea NOT NULL,

  CONSTRAINT network_salt_pkey PRIMARY KEY (day),
  CONSTRAINT network_salt_length CHECK (octet_length(salt) = 32)
);

CREATE TABLE network_minute (
  network_key bytea NOT NULL,
  minute timestamptz(3) NOT NULL,
  hits integer NOT NULL,
  proved integer NOT NULL DEFAULT 0,

  CONSTRAINT network_minute_pkey PRIMARY KEY (network_key, minute)
);

CREATE TABLE campaign_minute (
  campaign_id uuid NOT NULL,
  minute timestamptz(3) NOT NULL,
  attempts integer NOT NULL,

  CONSTRAINT campaign_minute_pkey PRIMARY KEY (campaign_id, minute),
  CONSTRAINT campaign_minute_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Proofs of work that were used, until they expire: none is taken twice.
CREATE TABLE spent_proof (
  hash bytea NOT NULL,
  expires_at timestamptz(3) NOT NULL,

  CONSTRAINT spent_proof_pkey PRIMARY KEY (hash)
);

-- What an owner set for a campaign; without a row, the defaults hold.
CREATE TABLE abuse_policy (
  campaign_id uuid NOT NULL,
  network_per_minute integer NOT NULL,
  network_per_hour integer NOT NULL,
  campaign_per_minute integer NOT NULL,
  campaign_per_hour integer NOT NULL,
  refuse_disposable boolean NOT NULL,
  check_mail_domain boolean NOT NULL,

  CONSTRAINT abuse_policy_pkey PRIMARY KEY (campaign_id),
  CONSTRAINT abuse_policy_within_bounds CHECK (
    network_per_minute BETWEEN 5 AND 600 AND network_per_hour BETWEEN 10 AND 6000
    AND campaign_per_minute BETWEEN 60 AND 600000 AND campaign_per_hour BETWEEN 600 AND 20000000
  ),
  CONSTRAINT abuse_policy_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Who may not sign, and whom no limit holds up: an address as its keyed hash, a mail domain, or a network.
CREATE TABLE abuse_list_entry (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  verdict abuse_verdict NOT NULL,
  mailbox_key bytea,
  domain text,
  network cidr,
  note text NOT NULL DEFAULT '',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT abuse_list_entry_pkey PRIMARY KEY (id),
  CONSTRAINT abuse_list_entry_one_subject CHECK (num_nonnulls(mailbox_key, domain, network) = 1),
  CONSTRAINT abuse_list_entry_mailbox_key_length CHECK (octet_length(mailbox_key) = 32),
  CONSTRAINT abuse_list_entry_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Networks and mail domains that more sign from than usual. A network's key is forgotten with its salt.
CREATE TABLE abuse_alarm (
  campaign_id uuid NOT NULL,
  kind abuse_alarm_kind NOT NULL,
  key bytea NOT NULL,
  domain text,
  signatures integer NOT NULL,
  usual double precision NOT NULL,
  first_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT abuse_alarm_pkey PRIMARY KEY (campaign_id, kind, key),
  CONSTRAINT abuse_alarm_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);


-- Tables: moderation

-- Signatures marked by a rule, in batches that a worker can take up where another left them.
CREATE TABLE invalidation_job (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  state invalidation_state NOT NULL DEFAULT 'running',
  reason text NOT NULL,
  actor_label text NOT NULL,
  conditions text NOT NULL,
  -- The rule names people: it is sealed while it is carried out and destroyed afterwards.
  data_key_id text,
  rule_encrypted bytea,
  -- The place behind the last batch. No foreign key: the signature there may be erased.
  behind_signed_at timestamptz(3),
  behind_id uuid,
  marked integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  finished_at timestamptz(3),

  CONSTRAINT invalidation_job_pkey PRIMARY KEY (id),
  CONSTRAINT invalidation_job_reason_length CHECK (length(reason) BETWEEN 1 AND 200),
  CONSTRAINT invalidation_job_conditions CHECK (length(conditions) BETWEEN 1 AND 200),
  CONSTRAINT invalidation_job_rule_while_running CHECK ((rule_encrypted IS NOT NULL) = (state = 'running')),
  CONSTRAINT invalidation_job_rule_whole CHECK ((rule_encrypted IS NULL) = (data_key_id IS NULL)),
  CONSTRAINT invalidation_job_finished CHECK ((finished_at IS NULL) = (state IN ('running', 'undoing'))),
  CONSTRAINT invalidation_job_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Signatures that look made up, together, for people to look at. What they have in common is sealed: no column joins a
-- group to a signature.
CREATE TABLE review_group (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  kind review_group_kind NOT NULL,
  data_key_id text NOT NULL,
  content_encrypted bytea NOT NULL,
  signatures integer NOT NULL,
  found_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  reviewed_at timestamptz(3),
  reviewed_by text,

  CONSTRAINT review_group_pkey PRIMARY KEY (id),
  CONSTRAINT review_group_reviewed CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
  CONSTRAINT review_group_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);


-- Tables: exports

-- One export, from before its first byte on.
CREATE TABLE export_run (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  state export_state NOT NULL DEFAULT 'running',
  format export_format NOT NULL,
  filter jsonb NOT NULL,
  actor_label text NOT NULL,
  reason text,
  expected_rows bigint,
  rows bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  sha256 bytea,
  started_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  finished_at timestamptz(3),

  CONSTRAINT export_run_pkey PRIMARY KEY (id),
  CONSTRAINT export_run_sha256_length CHECK (octet_length(sha256) = 32),
  CONSTRAINT export_run_sha256_with_state CHECK ((state = 'finished') = (sha256 IS NOT NULL)),
  CONSTRAINT export_run_finished_at_with_state CHECK ((state = 'running') = (finished_at IS NULL)),
  CONSTRAINT export_run_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Choices of an export that its people keep under a name.
CREATE TABLE export_settings (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT export_settings_pkey PRIMARY KEY (id),
  CONSTRAINT export_settings_name_length CHECK (char_length(name) BETWEEN 1 AND 60),
  CONSTRAINT export_settings_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);


-- Tables: administration

CREATE TABLE admin_account (
  id uuid NOT NULL,
  email text NOT NULL,
  role admin_role NOT NULL,
  password_hash text,
  totp_encrypted bytea,
  data_key_id text,
  totp_last_step bigint,
  -- Given with the right password, from whatever network.
  wrong_codes integer NOT NULL DEFAULT 0,
  wrong_code_at timestamptz(3),
  -- The desk shows times in it, by its IANA name.
  time_zone text NOT NULL DEFAULT 'UTC',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  removed_at timestamptz(3),

  CONSTRAINT admin_account_pkey PRIMARY KEY (id),
  CONSTRAINT admin_account_email_lower CHECK (email = lower(email)),
  CONSTRAINT admin_account_time_zone_length CHECK (char_length(time_zone) BETWEEN 1 AND 64),
  CONSTRAINT admin_account_enrolled_whole CHECK (
    (password_hash IS NULL) = (totp_encrypted IS NULL) AND (totp_encrypted IS NULL) = (data_key_id IS NULL)
  )
);

-- A one-time link: at first it sets both factors, later one of them, while the other proves who follows it.
CREATE TABLE admin_enrolment (
  hash bytea NOT NULL,
  account_id uuid NOT NULL,
  kind admin_enrolment_kind NOT NULL DEFAULT 'both',
  expires_at timestamptz(3) NOT NULL,

  CONSTRAINT admin_enrolment_pkey PRIMARY KEY (hash),
  CONSTRAINT admin_enrolment_hash_length CHECK (octet_length(hash) = 32),
  CONSTRAINT admin_enrolment_account_id_fkey FOREIGN KEY (account_id) REFERENCES admin_account (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What somebody had typed into a form of the desk when their session ended.
CREATE TABLE admin_draft (
  id UUID NOT NULL,
  data_key_id TEXT NOT NULL,
  content_encrypted BYTEA NOT NULL,
  saved_at TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT admin_draft_pkey PRIMARY KEY (id),
  CONSTRAINT admin_draft_id_fkey FOREIGN KEY (id) REFERENCES admin_account (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE admin_recovery_code (
  account_id uuid NOT NULL,
  hash bytea NOT NULL,

  CONSTRAINT admin_recovery_code_pkey PRIMARY KEY (account_id, hash),
  CONSTRAINT admin_recovery_code_hash_length CHECK (octet_length(hash) = 32),
  CONSTRAINT admin_recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES admin_account (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- A session is known by the hash of the token in its cookie. The id is a name for it that opens nothing.
CREATE TABLE admin_session (
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  network_key bytea NOT NULL,
  wrong_codes integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_seen_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  second_factor_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  revoked_at timestamptz(3),

  CONSTRAINT admin_session_pkey PRIMARY KEY (id),
  CONSTRAINT admin_session_token_hash_length CHECK (octet_length(token_hash) = 32),
  CONSTRAINT admin_session_network_key_length CHECK (octet_length(network_key) = 32),
  CONSTRAINT admin_session_account_id_fkey FOREIGN KEY (account_id) REFERENCES admin_account (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Failed sign-ins of one account from one network, as a keyed hash of both.
CREATE TABLE admin_failure (
  key bytea NOT NULL,
  failures integer NOT NULL,
  last_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT admin_failure_pkey PRIMARY KEY (key)
);

CREATE TABLE api_token (
  id uuid NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  role admin_role NOT NULL,
  -- A token ends with whoever made it; null: made at the machine.
  maker_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),

  CONSTRAINT api_token_pkey PRIMARY KEY (id),
  CONSTRAINT api_token_name_form CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$'),
  CONSTRAINT api_token_hash_length CHECK (octet_length(hash) = 32),
  CONSTRAINT api_token_maker_id_fkey FOREIGN KEY (maker_id) REFERENCES admin_account (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- How many signatories an administrator was shown in one minute. No foreign key: the actor is an account or a token.
CREATE TABLE names_opened (
  actor_id uuid NOT NULL,
  minute timestamptz(3) NOT NULL,
  names integer NOT NULL,

  CONSTRAINT names_opened_pkey PRIMARY KEY (actor_id, minute)
);

-- What administrators did, each entry hashed with the one before it. No foreign keys: the log outlives actor and subject.
CREATE TABLE audit_entry (
  sequence bigint NOT NULL,
  id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  actor_kind audit_actor_kind NOT NULL,
  actor_id uuid,
  actor_label text NOT NULL,
  -- No enum: the log keeps the names of actions that later versions no longer know.
  action text NOT NULL,
  subject uuid,
  detail text NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,

  CONSTRAINT audit_entry_pkey PRIMARY KEY (sequence),
  CONSTRAINT audit_entry_hash_length CHECK (octet_length(hash) = 32 AND octet_length(previous_hash) = 32)
);

-- One row: which entry is the newest, sealed with a key that is not in the database, so that none goes missing from the end.
CREATE TABLE audit_head (
  id smallint NOT NULL,
  sequence bigint NOT NULL,
  seal bytea NOT NULL,

  CONSTRAINT audit_head_pkey PRIMARY KEY (id),
  CONSTRAINT audit_head_single_row CHECK (id = 1),
  CONSTRAINT audit_head_seal_length CHECK (octet_length(seal) = 32)
);


-- Tables: operation

-- What was announced last on each channel, for processes behind a pooler of transactions, which drops LISTEN.
CREATE TABLE announcement (
  channel text NOT NULL,
  version bigint NOT NULL,
  payload text NOT NULL,

  CONSTRAINT announcement_pkey PRIMARY KEY (channel)
);

-- Which data key each running process seals with: the key before it may go only once nobody uses it.
CREATE TABLE process_key (
  id uuid NOT NULL,
  program text NOT NULL,
  place text NOT NULL,
  data_key_id text NOT NULL,
  seen_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT process_key_pkey PRIMARY KEY (id)
);

-- Backups that were made, or failed by whatever code the system gave.
CREATE TABLE backup_run (
  id uuid NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  finished_at timestamptz(3),
  failure text,

  CONSTRAINT backup_run_pkey PRIMARY KEY (id),
  CONSTRAINT backup_run_one_outcome CHECK (num_nonnulls(finished_at, failure) = 1)
);


-- Indexes

CREATE UNIQUE INDEX campaign_slug_key ON campaign (slug);
CREATE UNIQUE INDEX campaign_share_stem_key ON campaign (share_stem);
CREATE INDEX campaign_update_campaign_id_locale_published_at_idx ON campaign_update (campaign_id, locale, published_at);

CREATE UNIQUE INDEX consent_text_version_locale_key ON consent_text (version, locale);

-- No file is imported twice.
CREATE UNIQUE INDEX paper_import_once ON paper_import (campaign_id, file_key) WHERE state = 'imported';
CREATE INDEX paper_import_campaign_id_created_at_idx ON paper_import (campaign_id, created_at);

-- One mailbox signs one campaign once.
CREATE UNIQUE INDEX signature_campaign_id_mailbox_key_key ON signature (campaign_id, mailbox_key);
-- Lists of the desk, in the order of signing; by country and language also where hardly anybody there reads it.
CREATE INDEX signature_campaign_id_signed_at_id_idx ON signature (campaign_id, signed_at, id);
CREATE INDEX signature_campaign_id_country_signed_at_id_idx ON signature (campaign_id, country, signed_at, id);
CREATE INDEX signature_campaign_id_country_locale_signed_at_id_idx ON signature (campaign_id, country, locale, signed_at, id);
CREATE INDEX signature_campaign_id_name_bucket_idx ON signature (campaign_id, name_bucket);
CREATE INDEX signature_held ON signature (campaign_id, signed_at) WHERE held;
CREATE INDEX signature_elsewhere ON signature (campaign_id) WHERE origin IS NOT NULL;
CREATE INDEX signature_paper ON signature (campaign_id, signed_at, id) WHERE source = 'paper';
CREATE INDEX signature_paper_import ON signature (paper_import_id) WHERE paper_import_id IS NOT NULL;
-- Who may be shown by name, newest first.
CREATE INDEX signature_public ON signature (campaign_id, confirmed_at DESC) WHERE public_name AND state = 'confirmed';
-- Recent signatures by network, and those whose key is to be forgotten; every new entry goes to the index's end.
CREATE INDEX signature_recent_network ON signature (signed_at, campaign_id, network_key) WHERE network_key IS NOT NULL;
-- From how many networks the latest confirmations came, out of the index alone.
CREATE INDEX signature_confirmed_network ON signature (campaign_id, confirmed_at, network_key)
  WHERE state = 'confirmed' AND network_key IS NOT NULL;

CREATE INDEX signature_invalidation_job_id_idx ON signature_invalidation (job_id);
CREATE INDEX signature_invalidation_delete_job_id_idx ON signature_invalidation (delete_job_id);
CREATE INDEX signature_invalidation_delete_due ON signature_invalidation (delete_at) WHERE delete_at IS NOT NULL;

CREATE INDEX shown_name_campaign_id_idx ON shown_name (campaign_id);

CREATE INDEX token_signature_id_idx ON token (signature_id);
CREATE INDEX token_expiring ON token (expires_at) WHERE expires_at IS NOT NULL;

-- The two queues, oldest first, without the finished rows.
CREATE INDEX mail_queued ON mail (created_at, id) WHERE state = 'queued';
CREATE INDEX mail_batch_due ON mail_batch (next_attempt_at) WHERE state = 'frozen';
CREATE INDEX mail_batch_finished ON mail_batch (finished_at) WHERE state = 'finished';
CREATE UNIQUE INDEX mail_batch_id_position_key ON mail (batch_id, position);
CREATE INDEX mail_signature_id_idx ON mail (signature_id);
CREATE INDEX mail_provider_id_idx ON mail (provider_id);
CREATE INDEX mail_with_submission ON mail (id) WHERE submission_encrypted IS NOT NULL;
-- What the desk asks of the outbox, without the many mails that nothing is wrong with.
CREATE INDEX mail_batched ON mail (created_at) WHERE state = 'batched';
CREATE INDEX mail_dead ON mail (finished_at) WHERE state = 'dead';
CREATE INDEX mail_sent ON mail (finished_at) WHERE state = 'sent';
CREATE INDEX mail_refused ON mail (outcome_at) WHERE outcome IN ('bounced', 'complained');

CREATE INDEX webhook_delivery_received_at_idx ON webhook_delivery (received_at);
CREATE UNIQUE INDEX suppression_link_mailbox_key_slot_key ON suppression_link (mailbox_key, slot);

CREATE INDEX network_minute_minute_idx ON network_minute (minute);
CREATE INDEX spent_proof_expires_at_idx ON spent_proof (expires_at);
CREATE INDEX abuse_list_entry_campaign_id_idx ON abuse_list_entry (campaign_id);
-- A subject is on the lists of a campaign once, so that one removal takes it off.
CREATE UNIQUE INDEX abuse_list_entry_once ON abuse_list_entry (campaign_id, mailbox_key, domain, network) NULLS NOT DISTINCT;
CREATE INDEX abuse_alarm_last_at_idx ON abuse_alarm (last_at);

CREATE INDEX invalidation_job_campaign_id_created_at_idx ON invalidation_job (campaign_id, created_at);
CREATE INDEX invalidation_job_due ON invalidation_job (created_at) WHERE state IN ('running', 'undoing');
CREATE INDEX review_group_campaign_id_kind_idx ON review_group (campaign_id, kind);

CREATE INDEX export_run_campaign_id_started_at_idx ON export_run (campaign_id, started_at);
CREATE UNIQUE INDEX export_settings_campaign_id_name_key ON export_settings (campaign_id, name);

CREATE UNIQUE INDEX admin_account_email_key ON admin_account (email);
CREATE INDEX admin_enrolment_account_id_idx ON admin_enrolment (account_id);
CREATE UNIQUE INDEX admin_session_token_hash_key ON admin_session (token_hash);
CREATE INDEX admin_session_account_id_idx ON admin_session (account_id);
CREATE UNIQUE INDEX api_token_name_key ON api_token (name);
CREATE UNIQUE INDEX api_token_hash_key ON api_token (hash);
CREATE INDEX api_token_maker_id_idx ON api_token (maker_id);
CREATE INDEX names_opened_minute_idx ON names_opened (minute);
CREATE UNIQUE INDEX audit_entry_id_key ON audit_entry (id);
CREATE INDEX audit_entry_action_sequence_idx ON audit_entry (action, sequence);
CREATE INDEX audit_entry_actor_label_sequence_idx ON audit_entry (actor_label, sequence);
CREATE INDEX audit_entry_subject_sequence_idx ON audit_entry (subject, sequence);

CREATE INDEX backup_run_started_at_idx ON backup_run (started_at);


-- Functions

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME;
END $$;

CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME;
END $$;

-- Adds to one of 16 shards, so that no row is hot. To the hour only: the count tells nobody's moment of confirming.
CREATE FUNCTION add_to_confirmed_count(campaign uuid, change bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO confirmed_count (campaign_id, shard, confirmed, removed, updated_at)
  VALUES (campaign, floor(random() * 16)::smallint, change, greatest(-change, 0), date_trunc('hour', now(), 'UTC'))
  ON CONFLICT (campaign_id, shard)
  DO UPDATE SET confirmed = confirmed_count.confirmed + EXCLUDED.confirmed,
    removed = confirmed_count.removed + EXCLUDED.removed, updated_at = EXCLUDED.updated_at;
$$;

-- The count of confirmed signatures is kept in the transaction of the signatures themselves, whoever writes them.
CREATE FUNCTION count_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM add_to_confirmed_count(campaign_id, count(*))
      FROM new_rows WHERE state = 'confirmed' GROUP BY campaign_id;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM add_to_confirmed_count(campaign_id, -count(*))
      FROM old_rows WHERE state = 'confirmed' GROUP BY campaign_id;
  ELSE
    PERFORM add_to_confirmed_count(campaign_id, sum(change)::bigint) FROM (
      SELECT campaign_id, 1 AS change FROM new_rows WHERE state = 'confirmed'
      UNION ALL
      SELECT campaign_id, -1 FROM old_rows WHERE state = 'confirmed'
    ) AS changes GROUP BY campaign_id HAVING sum(change) <> 0;
  END IF;
  RETURN NULL;
END $$;

-- Figures by hour, country and language: what changed is added as new rows, so that no row is hot. The sum of
-- signature_change and signature_hour is exact at any moment.
CREATE FUNCTION note_signature_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
    SELECT campaign_id, date_trunc('hour', signed_at, 'UTC'), country, locale, count(*), 0
      FROM new_rows GROUP BY 1, 2, 3, 4;
    INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
    SELECT campaign_id, date_trunc('hour', confirmed_at, 'UTC'), country, locale, 0, count(*)
      FROM new_rows WHERE state = 'confirmed' GROUP BY 1, 2, 3, 4;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
    SELECT campaign_id, date_trunc('hour', signed_at, 'UTC'), country, locale, -count(*), 0
      FROM old_rows GROUP BY 1, 2, 3, 4;
    INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
    SELECT campaign_id, date_trunc('hour', confirmed_at, 'UTC'), country, locale, 0, -count(*)
      FROM old_rows WHERE state = 'confirmed' GROUP BY 1, 2, 3, 4;
  ELSE
    INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
    SELECT campaign_id, hour, country, locale, sum(signed), sum(confirmed) FROM (
      SELECT campaign_id, date_trunc('hour', signed_at, 'UTC') AS hour, country, locale, 1 AS signed, 0 AS confirmed
        FROM new_rows
      UNION ALL
      SELECT campaign_id, date_trunc('hour', confirmed_at, 'UTC'), country, locale, 0, 1
        FROM new_rows WHERE state = 'confirmed'
      UNION ALL
      SELECT campaign_id, date_trunc('hour', signed_at, 'UTC'), country, locale, -1, 0 FROM old_rows
      UNION ALL
      SELECT campaign_id, date_trunc('hour', confirmed_at, 'UTC'), country, locale, 0, -1
        FROM old_rows WHERE state = 'confirmed'
    ) AS changes GROUP BY 1, 2, 3, 4 HAVING sum(signed) <> 0 OR sum(confirmed) <> 0;
  END IF;
  RETURN NULL;
END $$;

-- Where notices do not come through (a pooler of transactions drops LISTEN), processes ask for what was announced.
CREATE FUNCTION announce(announced text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO announcement (channel, version, payload) VALUES (announced, 1, said)
    ON CONFLICT (channel) DO UPDATE SET version = announcement.version + 1, payload = EXCLUDED.payload;
  PERFORM pg_notify(announced, said);
END $$;

CREATE FUNCTION announce_campaign_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM announce('public_pages', '');
  RETURN NULL;
END $$;

CREATE FUNCTION announce_abuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM announce('abuse_policy', '');
  RETURN NULL;
END $$;


-- Triggers

-- History is only ever added to.
CREATE TRIGGER consent_text_immutable BEFORE UPDATE ON consent_text
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_immutable BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER audit_entry_kept BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

-- Signatures that are destroyed because their time is over stay counted: who deletes them says so for their transaction.
-- Signatures that people take back are taken off the count.
CREATE TRIGGER signature_count_insert AFTER INSERT ON signature
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_confirmed();
CREATE TRIGGER signature_count_update AFTER UPDATE ON signature
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_confirmed();
CREATE TRIGGER signature_count_delete AFTER DELETE ON signature
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
  WHEN (current_setting('petition.figures_stay', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION count_confirmed();
CREATE TRIGGER signature_change_insert AFTER INSERT ON signature
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_signature_changes();
CREATE TRIGGER signature_change_update AFTER UPDATE ON signature
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_signature_changes();
CREATE TRIGGER signature_change_delete AFTER DELETE ON signature
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
  WHEN (current_setting('petition.figures_stay', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION note_signature_changes();

-- What pages show is told to every web process at once, whoever changed it. Of the count only its published steps are: a
-- notice with each confirmation would make the commits queue up for PostgreSQL's one lock on its notices.
CREATE TRIGGER campaign_announces_change AFTER INSERT OR UPDATE OR DELETE ON campaign
  FOR EACH STATEMENT EXECUTE FUNCTION announce_campaign_change();
CREATE TRIGGER campaign_text_announces_change AFTER INSERT OR UPDATE OR DELETE ON campaign_text
  FOR EACH STATEMENT EXECUTE FUNCTION announce_campaign_change();
CREATE TRIGGER campaign_update_announces_change AFTER INSERT OR UPDATE OR DELETE ON campaign_update
  FOR EACH STATEMENT EXECUTE FUNCTION announce_campaign_change();
CREATE TRIGGER published_count_announces_change AFTER UPDATE OF count ON published_count
  FOR EACH STATEMENT EXECUTE FUNCTION announce_campaign_change();
CREATE TRIGGER abuse_policy_announces_change AFTER INSERT OR UPDATE OR DELETE ON abuse_policy
  FOR EACH STATEMENT EXECUTE FUNCTION announce_abuse_policy_change();
CREATE TRIGGER abuse_list_entry_announces_change AFTER INSERT OR UPDATE OR DELETE ON abuse_list_entry
  FOR EACH STATEMENT EXECUTE FUNCTION announce_abuse_policy_change();


-- First rows

INSERT INTO mail_pause (id) VALUES (1);
