-- The demo company is built step by step through the public commands; a step and its mark are one transaction,
-- so a start killed in the middle goes on where it was.
create table demo_step (
  step    text primary key,
  done_at timestamptz not null
);

-- Demo logins have a known password: they are active only while the service listens on loopback.
alter table person add column demo boolean not null default false;
