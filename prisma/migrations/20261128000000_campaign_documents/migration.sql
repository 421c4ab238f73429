-- Campaigns are written as documents: each version keeps its files, and a published one never changes.

CREATE TYPE version_state AS ENUM ('draft', 'in_review', 'scheduled', 'published', 'superseded');
CREATE TYPE campaign_outcome AS ENUM ('won', 'partly', 'lost', 'handed_over');

-- A campaign that was never published is open to nobody.
ALTER TYPE campaign_status ADD VALUE 'draft' BEFORE 'open';
ALTER TABLE campaign
  -- Null while open, and when it was closed without one.
  ADD COLUMN outcome campaign_outcome,
  -- Who wrote a version may not publish it.
  ADD COLUMN four_eyes boolean NOT NULL DEFAULT false,
  -- Left out of lists; its pages stay.
  ADD COLUMN archived_at timestamptz(3),
  ADD CONSTRAINT campaign_outcome_when_closed CHECK (outcome IS NULL OR status = 'closed'),
  ADD CONSTRAINT campaign_archived_when_closed CHECK (archived_at IS NULL OR status = 'closed');

CREATE TABLE campaign_version (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  -- Counts the published versions from 1.
  number integer,
  state version_state NOT NULL DEFAULT 'draft',
  -- Goes up with every save, so that two people at once are noticed.
  revision integer NOT NULL DEFAULT 1,
  author_label text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  changed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  submitted_at timestamptz(3),
  publish_at timestamptz(3),
  -- Who scheduled it; the id is null for an operator on the server.
  scheduler_id uuid,
  scheduler_label text,
  published_at timestamptz(3),
  publisher_label text,
  -- The call says something else than in the version before, and people had signed that.
  call_changed boolean NOT NULL DEFAULT false,
  -- What changed, in the words of whoever published it.
  note text NOT NULL DEFAULT '',

  CONSTRAINT campaign_version_pkey PRIMARY KEY (id),
  CONSTRAINT campaign_version_number_positive CHECK (number > 0),
  CONSTRAINT campaign_version_numbered_when_published CHECK ((number IS NOT NULL) = (state IN ('published', 'superseded'))),
  CONSTRAINT campaign_version_published_at CHECK ((published_at IS NOT NULL) = (state IN ('published', 'superseded'))),
  CONSTRAINT campaign_version_publisher CHECK ((publisher_label IS NOT NULL) = (state IN ('published', 'superseded'))),
  CONSTRAINT campaign_version_scheduled CHECK (state <> 'scheduled' OR publish_at IS NOT NULL AND scheduler_label IS NOT NULL),
  CONSTRAINT campaign_version_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Everybody who changed a draft: none of them publishes it where two people are asked for.
CREATE TABLE campaign_version_author (
  version_id uuid NOT NULL,
  actor_id uuid NOT NULL,

  CONSTRAINT campaign_version_author_pkey PRIMARY KEY (version_id, actor_id),
  CONSTRAINT campaign_version_author_version_id_fkey FOREIGN KEY (version_id) REFERENCES campaign_version (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE campaign_file (
  version_id uuid NOT NULL,
  path text NOT NULL,
  text text NOT NULL,

  CONSTRAINT campaign_file_pkey PRIMARY KEY (version_id, path),
  CONSTRAINT campaign_file_path_form CHECK (path ~ '^[A-Za-z0-9-]+[.](yaml|md)$'),
  CONSTRAINT campaign_file_size CHECK (octet_length(text) <= 204800),
  CONSTRAINT campaign_file_version_id_fkey FOREIGN KEY (version_id) REFERENCES campaign_version (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- One translated part: which original it was made from, and who checked it.
CREATE TABLE campaign_translation (
  campaign_id uuid NOT NULL,
  locale locale NOT NULL,
  part text NOT NULL,
  original_hash bytea NOT NULL,
  translation_hash bytea NOT NULL,
  changed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  changed_by text NOT NULL,
  reviewed_at timestamptz(3),
  reviewed_by text,

  CONSTRAINT campaign_translation_pkey PRIMARY KEY (campaign_id, locale, part),
  CONSTRAINT campaign_translation_hashes CHECK (octet_length(original_hash) = 32 AND octet_length(translation_hash) = 32),
  CONSTRAINT campaign_translation_reviewed CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
  CONSTRAINT campaign_translation_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Lets somebody without an account translate one language until it ends. Only its hash is kept.
CREATE TABLE translator_link (
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  locale locale NOT NULL,
  hash bytea NOT NULL,
  name text NOT NULL,
  maker_label text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),

  CONSTRAINT translator_link_pkey PRIMARY KEY (id),
  CONSTRAINT translator_link_hash_length CHECK (octet_length(hash) = 32),
  CONSTRAINT translator_link_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  CONSTRAINT translator_link_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- A picture of a campaign's `pictures/`, without metadata. Named by its content, so that caches keep it for good.
CREATE TABLE campaign_picture (
  campaign_id uuid NOT NULL,
  name text NOT NULL,
  sha256 bytea NOT NULL,
  type text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  bytes bytea NOT NULL,
  added_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  added_by text NOT NULL,

  CONSTRAINT campaign_picture_pkey PRIMARY KEY (campaign_id, name),
  CONSTRAINT campaign_picture_name_form CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*[.](jpg|png|webp|avif)$'),
  CONSTRAINT campaign_picture_sha256_length CHECK (octet_length(sha256) = 32),
  CONSTRAINT campaign_picture_type_known CHECK (type IN ('image/jpeg', 'image/png', 'image/webp', 'image/avif')),
  CONSTRAINT campaign_picture_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What browsers load: a picture in one width, by the name of its content.
CREATE TABLE picture_rendition (
  sha256 bytea NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  type text NOT NULL,
  bytes bytea NOT NULL,

  CONSTRAINT picture_rendition_pkey PRIMARY KEY (sha256, width, type),
  CONSTRAINT picture_rendition_sha256_length CHECK (octet_length(sha256) = 32)
);

-- The published text that was signed; null on paper and for signatures of a campaign without one.
ALTER TABLE signature
  ADD COLUMN text_version integer,
  ADD CONSTRAINT signature_text_version_positive CHECK (text_version > 0);

CREATE UNIQUE INDEX campaign_version_campaign_id_number_key ON campaign_version (campaign_id, number);
CREATE UNIQUE INDEX campaign_version_one_published ON campaign_version (campaign_id) WHERE state = 'published';
CREATE UNIQUE INDEX campaign_version_one_working ON campaign_version (campaign_id)
  WHERE state IN ('draft', 'in_review', 'scheduled');
CREATE INDEX campaign_version_publish_at_idx ON campaign_version (publish_at) WHERE state = 'scheduled';
CREATE UNIQUE INDEX translator_link_hash_key ON translator_link (hash);
CREATE INDEX translator_link_campaign_id_idx ON translator_link (campaign_id);

-- A published version stays as people signed it: all that happens to it is that another takes its place.
CREATE FUNCTION keep_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('published', 'superseded') AND (TG_OP = 'DELETE' OR
    to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' OR NEW.state NOT IN ('published', 'superseded')) THEN
    RAISE EXCEPTION 'a published version never changes';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION keep_published_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM campaign_version WHERE state IN ('published', 'superseded')
    AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN
    RAISE EXCEPTION 'a published version never changes';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- In the order in which every transaction announces, so that none waits for another's announcement in a circle.
CREATE FUNCTION announce_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM announce('public_pages', '');
  PERFORM announce('campaigns', '');
  RETURN NULL;
END $$;

CREATE TRIGGER campaign_version_immutable BEFORE UPDATE OR DELETE ON campaign_version
  FOR EACH ROW EXECUTE FUNCTION keep_published_version();
CREATE TRIGGER campaign_file_immutable BEFORE INSERT OR UPDATE OR DELETE ON campaign_file
  FOR EACH ROW EXECUTE FUNCTION keep_published_file();
CREATE TRIGGER campaign_version_announces_change AFTER UPDATE OF state ON campaign_version
  FOR EACH ROW WHEN (OLD.state <> NEW.state AND 'published' IN (OLD.state, NEW.state))
  EXECUTE FUNCTION announce_version_change();
-- For each row: what a worker does to campaigns every few seconds changes none of them nearly always. A new campaign
-- is shown to nobody yet.
CREATE TRIGGER campaign_announces_change_of_campaigns AFTER DELETE OR UPDATE OF slug, status, archived_at ON campaign
  FOR EACH ROW EXECUTE FUNCTION announce_version_change();
DROP TRIGGER campaign_announces_change ON campaign;
CREATE TRIGGER campaign_announces_change AFTER UPDATE OR DELETE ON campaign
  FOR EACH ROW EXECUTE FUNCTION announce_campaign_change();
