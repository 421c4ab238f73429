-- Roles of those who write, and roles in single campaigns.

ALTER TYPE admin_role ADD VALUE 'member' BEFORE 'viewer';
ALTER TYPE admin_role ADD VALUE 'translator' BEFORE 'owner';
ALTER TYPE admin_role ADD VALUE 'reviewer' BEFORE 'owner';
ALTER TYPE admin_role ADD VALUE 'editor' BEFORE 'owner';

-- What somebody may do in one campaign, besides what their own role allows everywhere.
CREATE TABLE admin_campaign_role (
  account_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  role admin_role NOT NULL,
  granted_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  granted_by text NOT NULL,

  CONSTRAINT admin_campaign_role_pkey PRIMARY KEY (account_id, campaign_id),
  -- As text: a new value of an enum cannot be used before the transaction that adds it has ended.
  CONSTRAINT admin_campaign_role_has_rights CHECK (role::text <> 'member'),
  CONSTRAINT admin_campaign_role_account_id_fkey FOREIGN KEY (account_id) REFERENCES admin_account (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT admin_campaign_role_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX admin_campaign_role_campaign_id_idx ON admin_campaign_role (campaign_id);

ALTER TABLE api_token ADD CONSTRAINT api_token_role_reads CHECK (role IN ('viewer', 'exporter', 'owner'));
