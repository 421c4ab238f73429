-- What a translation was made from, so that translators see what has changed since.
ALTER TABLE campaign_translation ADD COLUMN original text NOT NULL DEFAULT '';

-- Somebody without an account who translates by a link.
ALTER TYPE audit_actor_kind ADD VALUE 'link';
