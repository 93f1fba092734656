create table stored_file (
  id          uuid primary key,
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes  bigint not null check (size_bytes >= 0),
  name        text not null check (length(name) between 1 and 255),
  media_type  text not null,
  dealer_id   bigint,
  created_by  text not null,
  created_at  timestamptz not null
);
create index stored_file_sha256 on stored_file (sha256);

-- Long work as rows: the queue only wakes somebody up; what is due is found here. Leases run by the
-- database's clock, which all processes share.
create table job (
  id              uuid primary key,
  kind            text not null,
  state           text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  payload         jsonb not null,
  dealer_id       bigint,
  requested_by    text not null,
  attempts        smallint not null default 0 check (attempts >= 0),
  progress_done   bigint not null default 0,
  progress_total  bigint,
  result          jsonb,
  problem         jsonb,
  file_id         uuid references stored_file,
  run_after       timestamptz not null default now(),
  lease_until     timestamptz,
  leased_by       uuid,
  cancel_asked_at timestamptz,
  created_at      timestamptz not null,
  finished_at     timestamptz,
  constraint job_lease check ((state = 'running') = (lease_until is not null and leased_by is not null)),
  constraint job_finished check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);
create index job_due on job (run_after, id) where state in ('queued', 'running');

create table import (
  id           uuid primary key,
  kind         text not null,
  file_id      uuid not null references stored_file,
  options      jsonb not null,
  state        text not null check (state in ('uploaded', 'checked', 'refused', 'applying', 'applied')),
  counts       jsonb,
  result       jsonb,
  problem      jsonb,
  requested_by text not null,
  created_at   timestamptz not null,
  applied_at   timestamptz,
  job_id       uuid not null references job,
  constraint import_applied check ((state = 'applied') = (applied_at is not null)),
  constraint import_counted check (state not in ('checked', 'applying', 'applied') or counts is not null),
  constraint import_refused check ((state = 'refused') = (problem is not null))
);

create table import_finding (
  import_id uuid not null references import on delete cascade,
  ordinal   bigint not null,
  severity  text not null check (severity in ('rejected', 'warned', 'notice')),
  line      bigint not null,
  code      text not null,
  facts     jsonb not null,
  primary key (import_id, ordinal)
);

-- The business days on which a nightly schedule has run: whichever process comes first takes the day.
create table schedule_run (
  name        text not null,
  business_on date not null,
  primary key (name, business_on)
);
