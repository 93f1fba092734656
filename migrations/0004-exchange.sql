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

-- Long work as rows: the queue only wakes somebody up; what is due is found here.
create table job (
  id             uuid primary key,
  kind           text not null,
  state          text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  payload        jsonb not null,
  dealer_id      bigint,
  requested_by   text not null,
  attempts       smallint not null default 0,
  progress_done  bigint not null default 0,
  progress_total bigint,
  result         jsonb,
  problem        jsonb,
  file_id        uuid references stored_file,
  lease_until    timestamptz,
  leased_by      uuid,
  created_at     timestamptz not null,
  finished_at    timestamptz,
  constraint job_lease check ((state = 'running') = (lease_until is not null and leased_by is not null)),
  constraint job_finished check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);
create index job_due on job (created_at) where state in ('queued', 'running');

create table import (
  id           uuid primary key,
  kind         text not null,
  file_id      uuid not null references stored_file,
  options      jsonb not null,
  state        text not null check (state in ('uploaded', 'checked', 'refused', 'applied')),
  counts       jsonb,
  findings     jsonb,
  requested_by text not null,
  created_at   timestamptz not null,
  applied_at   timestamptz,
  job_id       uuid references job,
  constraint import_applied check ((state = 'applied') = (applied_at is not null))
);
create index import_created_at on import (created_at);
