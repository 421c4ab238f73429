-- The time zone that the desk shows an administrator's times in, by its IANA name.
ALTER TABLE admin_account
  ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
  ADD CONSTRAINT admin_account_time_zone_length CHECK (char_length(time_zone) BETWEEN 1 AND 64);
