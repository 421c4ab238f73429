ALTER TABLE campaign_version
  -- Whether people who signed an earlier call are to be told of the new one; null where that was no question.
  ADD COLUMN tell_signers boolean,
  -- Why it was returned to those who wrote it, and by whom, until it is handed in again.
  ADD COLUMN remark text NOT NULL DEFAULT '',
  ADD COLUMN returned_by text;
