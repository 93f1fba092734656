-- Two roles: the login role owns and migrates; the service runs under partledger_service, which cannot
-- change a ledger. Roles belong to the cluster, so the role may be there already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'partledger_service') then
    create role partledger_service nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  if not pg_has_role(current_user, 'partledger_service', 'member') then
    execute format('grant partledger_service to %I', current_user);
  end if;
end $$;
grant usage on schema public to partledger_service;
alter default privileges in schema public grant select, insert, update, delete on tables to partledger_service;
alter default privileges in schema public grant usage, select on sequences to partledger_service;

create extension if not exists btree_gist;
create extension if not exists pg_trgm;

-- Ledgers, audit and frozen documents: new rows only, whoever asks.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'PL001', table = tg_table_name;
end $$;

create procedure make_append_only(ledger regclass) language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete on %s for each row execute function refuse_change()', ledger);
  execute format('create trigger append_only_truncate before truncate on %s for each statement execute function refuse_change()', ledger);
  execute format('revoke update, delete, truncate on %s from partledger_service', ledger);
end $$;

-- The stored reply of each creating request, written in the transaction of its effect.
create table idempotency_key (
  principal   text not null,
  method      text not null,
  path        text not null,
  key         text not null check (length(key) between 1 and 255),
  fingerprint text not null,
  status      smallint not null,
  reply       text not null,
  location    text,
  created_at  timestamptz not null,
  primary key (principal, method, path, key)
);
create index idempotency_key_created_at on idempotency_key (created_at);

-- The outbox: what happened, per stream (a dealer's code, or `@firm`) in commit order. The counter row is
-- taken as the last statement of a transaction and held to its commit: that is what makes the order true.
create table event_stream (
  stream        text primary key,
  last_sequence bigint not null check (last_sequence >= 0)
);

create table event (
  id          uuid primary key,
  stream      text not null references event_stream,
  sequence    bigint not null,
  type        text not null,
  subject     jsonb not null,
  occurred_at timestamptz not null,
  unique (stream, sequence)
);
call make_append_only('event');

-- the service checks that the schema is of its release
grant select on all tables in schema public to partledger_service;
