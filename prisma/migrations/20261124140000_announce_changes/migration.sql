-- A campaign that was closed, or whose goal was raised, is told to every web process at once, whoever changed it.
-- The count is told by the processes themselves, at most once a second: a notice in each confirmation's transaction
-- would make the commits queue up for PostgreSQL's one lock on its notices.
CREATE FUNCTION "announce_campaign_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('public_pages', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "campaign_announces_change" AFTER INSERT OR UPDATE OR DELETE ON "campaign"
  FOR EACH STATEMENT EXECUTE FUNCTION "announce_campaign_change"();
