create table person (
  id                bigint generated always as identity primary key,
  login             text not null check (login ~ '^[a-z0-9][a-z0-9._@+-]{1,99}$'),
  name_zh           text,
  name_en           text,
  password_hash     text not null,
  roles             text[] not null check (cardinality(roles) > 0 and roles <@ array['parts_specialist', 'dealer', 'warehouse_keeper', 'service_staff', 'claims_reviewer', 'finance', 'service_manager', 'administrator', 'auditor']),
  dealer_id         bigint,
  language          text not null default 'zh' check (language in ('zh', 'en')),
  failed_attempts   integer not null default 0 check (failed_attempts >= 0),
  locked_until      timestamptz,
  active            boolean not null default true,
  version           integer not null default 1,
  created_at        timestamptz not null,
  constraint person_login_unique unique (login),
  constraint person_named check (name_zh is not null or name_en is not null),
  -- a dealer's user has no other role, and only a dealer's user belongs to a dealer
  constraint person_dealer_role check ((dealer_id is not null) = ('dealer' = any (roles)) and (dealer_id is null or cardinality(roles) = 1))
);

create table session (
  id           uuid primary key,
  token_hash   bytea not null unique,
  person_id    bigint not null references person,
  created_at   timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at   timestamptz not null,
  revoked_at   timestamptz
);
create index session_person on session (person_id);

-- A machine account: another program, with its scopes; its keys rotate with at most two alive at once.
create table machine_account (
  id         bigint generated always as identity primary key,
  name       text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  role       text not null check (role in ('parts_specialist', 'dealer', 'warehouse_keeper', 'service_staff', 'claims_reviewer', 'finance', 'service_manager', 'administrator', 'auditor')),
  scopes     text[] not null check (cardinality(scopes) > 0),
  dealer_id  bigint,
  active     boolean not null default true,
  version    integer not null default 1,
  created_at timestamptz not null,
  constraint machine_account_name_unique unique (name),
  constraint machine_account_dealer_role check ((dealer_id is not null) = (role = 'dealer'))
);

create table api_key (
  id                 uuid primary key,
  machine_account_id bigint not null references machine_account,
  slot               smallint not null check (slot in (1, 2)),
  secret_hash        bytea not null,
  created_at         timestamptz not null,
  expires_at         timestamptz not null check (expires_at > created_at),
  revoked_at         timestamptz,
  last_used_at       timestamptz,
  constraint api_key_secret_unique unique (secret_hash)
);
create unique index api_key_two_live on api_key (machine_account_id, slot) where revoked_at is null;

-- Who did what, to what, with before and after. Personal fields appear by name only.
create table audit_entry (
  id           bigint generated always as identity primary key,
  at           timestamptz not null,
  actor        text not null,
  action       text not null,
  outcome      text not null check (outcome in ('done', 'refused')),
  subject_kind text not null,
  subject_id   text not null,
  dealer_code  text,
  before       jsonb,
  after        jsonb,
  request_id   text
);
create index audit_entry_subject on audit_entry (subject_kind, subject_id, id);
create index audit_entry_at on audit_entry (at);
call make_append_only('audit_entry');
