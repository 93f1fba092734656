create table firm (
  id         smallint primary key default 1 check (id = 1),
  name_zh    text,
  name_en    text,
  time_zone  text not null,
  currency   text not null check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null,
  constraint firm_named check (name_zh is not null or name_en is not null)
);

create table fiscal_period (
  id        bigint generated always as identity primary key,
  name      text not null check (name ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  first_on  date not null,
  last_on   date not null check (last_on >= first_on),
  state     text not null default 'open' check (state in ('open', 'closed', 'locked')),
  closed_at timestamptz,
  closed_by text,
  version   integer not null default 1,
  constraint fiscal_period_name_unique unique (name),
  constraint fiscal_period_no_overlap exclude using gist (daterange(first_on, last_on, '[]') with &&),
  constraint fiscal_period_closed_at check ((state = 'open') = (closed_at is null))
);

-- A close must know every earlier period, also one that somebody is just making: whoever adds a period holds
-- this fence shared until commit, a close holds it alone. Taken before any lock on a period.
create function fence_periods() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('fiscal_period'));
  return null;
end $$;
create trigger fence before insert on fiscal_period for each statement execute function fence_periods();

-- A period goes forward only, and keeps its days: what is closed is neither reopened nor taken away and made anew.
create function guard_period_state() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.state <> 'open' then
      raise exception 'period % is %', old.name, old.state using errcode = 'PL005', constraint = 'fiscal_period_forward';
    end if;
    return old;
  end if;
  if new.state <> old.state and (old.state, new.state) not in (('open', 'closed'), ('closed', 'locked')) then
    raise exception 'a period that is % cannot become %', old.state, new.state using errcode = 'PL005', constraint = 'fiscal_period_forward';
  end if;
  if (new.name, new.first_on, new.last_on) <> (old.name, old.first_on, old.last_on) then
    raise exception 'a period keeps its days' using errcode = 'PL005', constraint = 'fiscal_period_forward';
  end if;
  return new;
end $$;
create trigger forward before update or delete on fiscal_period for each row execute function guard_period_state();

-- Rates by tax class of part or service, dated. The defaults are signed off by the firm's tax adviser.
create table tax_rate (
  tax_class text not null check (tax_class ~ '^[a-z][a-z_]{0,39}$'),
  rate      numeric(7, 6) not null check (rate >= 0 and rate < 1),
  valid     daterange not null,
  constraint tax_rate_one_a_day exclude using gist (tax_class with =, valid with &&)
);
insert into tax_rate (tax_class, rate, valid) values
  ('part', 0.13, '[2019-04-01,)'), ('part', 0.16, '[2018-05-01,2019-04-01)'), ('part', 0.17, '[1994-01-01,2018-05-01)'),
  ('farm_machine', 0.09, '[2019-04-01,)'), ('transport', 0.09, '[2019-04-01,)'), ('repair', 0.13, '[2019-04-01,)');

create sequence document_number;

create table verification (
  id           uuid primary key,
  requested_by text not null,
  started_at   timestamptz not null,
  finished_at  timestamptz not null,
  ok           boolean not null,
  checks       jsonb not null
);
create index verification_started_at on verification (started_at);
