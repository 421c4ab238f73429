-- Pictures: what the tables hold to be true, and who is told when one is added or removed.

ALTER TABLE campaign_picture
  ADD CONSTRAINT campaign_picture_name_length CHECK (char_length(name) <= 100),
  ADD CONSTRAINT campaign_picture_sha256_of_bytes CHECK (sha256 = sha256(bytes)),
  ADD CONSTRAINT campaign_picture_bytes_length CHECK (octet_length(bytes) BETWEEN 1 AND 10000000),
  ADD CONSTRAINT campaign_picture_size CHECK (width BETWEEN 1 AND 12000 AND height BETWEEN 1 AND 12000),
  ADD CONSTRAINT campaign_picture_type_of_name CHECK (
    type = 'image/' || replace(substring(name FROM '[.]([a-z]+)$'), 'jpg', 'jpeg')
  ),
  -- Compressed already.
  ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE picture_rendition
  ADD CONSTRAINT picture_rendition_bytes_length CHECK (octet_length(bytes) > 0),
  ADD CONSTRAINT picture_rendition_size CHECK (width BETWEEN 1 AND 1600 AND height BETWEEN 1 AND 12000),
  ADD CONSTRAINT picture_rendition_type_known CHECK (type IN ('image/jpeg', 'image/png', 'image/webp', 'image/avif')),
  ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Finds the campaigns that have a picture, for the renditions that they share.
CREATE INDEX campaign_picture_sha256_idx ON campaign_picture (sha256);

-- Campaigns may share a picture, so no foreign key ties its renditions to one row. They go with the last one.
-- Changes take turns, or one campaign could add what is just removed for another.
CREATE FUNCTION take_turns_with_pictures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('campaign_picture', 0));
  RETURN NULL;
END $$;
CREATE FUNCTION delete_renditions_of_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM picture_rendition USING gone
  WHERE picture_rendition.sha256 = gone.sha256
    AND NOT EXISTS (SELECT FROM campaign_picture WHERE campaign_picture.sha256 = gone.sha256);
  RETURN NULL;
END $$;

CREATE TRIGGER campaign_picture_takes_turns BEFORE INSERT OR UPDATE OR DELETE ON campaign_picture
  FOR EACH STATEMENT EXECUTE FUNCTION take_turns_with_pictures();
CREATE TRIGGER campaign_picture_deleted AFTER DELETE ON campaign_picture REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION delete_renditions_of_nobody();
CREATE TRIGGER campaign_picture_replaced AFTER UPDATE ON campaign_picture REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION delete_renditions_of_nobody();
CREATE TRIGGER campaign_picture_announces_change AFTER INSERT OR UPDATE OR DELETE ON campaign_picture
  FOR EACH STATEMENT EXECUTE FUNCTION announce_version_change();
