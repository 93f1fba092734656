create table price_list (
  id            bigint generated always as identity primary key,
  code          text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  kind          text not null check (kind in ('settlement', 'guidance')),
  currency      text not null check (currency ~ '^[A-Z]{3}$'),
  tax_inclusive boolean not null,
  name_zh       text check (length(name_zh) between 1 and 200),
  name_en       text check (length(name_en) between 1 and 200),
  version       integer not null default 1,
  created_at    timestamptz not null,
  constraint price_list_code_unique unique (code),
  constraint price_list_kind_currency_unique unique (kind, currency),
  constraint price_list_named check (name_zh is not null or name_en is not null)
);

create table price_release (
  id            bigint generated always as identity primary key,
  number        text not null,
  price_list_id bigint not null references price_list,
  state         text not null default 'draft' check (state in ('draft', 'submitted', 'approved', 'published', 'withdrawn')),
  effective_on  date not null,
  note          text check (length(note) between 1 and 1000),
  created_by    text not null,
  -- everybody who had a hand in the lines, the creator first
  edited_by     text[] not null check (cardinality(edited_by) > 0),
  submitted_by  text,
  approved_by   text,
  published_by  text,
  withdrawn_by  text,
  created_at    timestamptz not null,
  published_at  timestamptz,
  version       integer not null default 1,
  constraint price_release_number_unique unique (number),
  constraint price_release_of_list unique (id, price_list_id),
  constraint price_release_second_person check (approved_by <> created_by and approved_by <> submitted_by and not approved_by = any (edited_by)),
  constraint price_release_submitted check (state not in ('submitted', 'approved', 'published') or submitted_by is not null),
  constraint price_release_approved check (state not in ('approved', 'published') or approved_by is not null),
  constraint price_release_published check ((state = 'published') = (published_at is not null and published_by is not null)),
  constraint price_release_withdrawn check ((state = 'withdrawn') = (withdrawn_by is not null))
);
create index price_release_list on price_release (price_list_id);

create table price_release_line (
  release_id bigint not null references price_release,
  part_id    bigint not null references part,
  unit_price numeric(19, 4) not null,
  primary key (release_id, part_id),
  -- a price that would post as 0.00 is refused at release, never silently sold for nothing
  constraint price_release_line_posts check (round(unit_price, 2) > 0)
);

-- A release takes one step at a time and none back; out of the draft it is what its second person approves.
create function guard_release() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and (old.state, new.state) not in (('draft', 'submitted'), ('submitted', 'approved'), ('approved', 'published'),
      ('draft', 'withdrawn'), ('submitted', 'withdrawn'), ('approved', 'withdrawn')) then
    raise exception 'a release that is % cannot become %', old.state, new.state using errcode = 'PL005', constraint = 'price_release_forward';
  end if;
  if old.state <> 'draft' and (new.number, new.price_list_id, new.effective_on, new.created_by, new.edited_by)
      is distinct from (old.number, old.price_list_id, old.effective_on, old.created_by, old.edited_by) then
    raise exception 'a release changes only while it is a draft' using errcode = 'PL005', constraint = 'price_release_draft';
  end if;
  return new;
end $$;
create trigger forward before update on price_release for each row execute function guard_release();

-- Its lines too change in a draft and never after, nor do they move from one release to another.
create function guard_release_lines() returns trigger language plpgsql as $$
begin
  perform 1 from price_release where id in (select release_id from touched) for share;
  perform 1 from price_release where id in (select release_id from touched) and state <> 'draft';
  if found then
    raise exception 'the lines of a release change only while it is a draft' using errcode = 'PL005', constraint = 'price_release_line_draft';
  end if;
  return null;
end $$;
create trigger draft_only_insert after insert on price_release_line referencing new table as touched for each statement execute function guard_release_lines();
create trigger draft_only_update after update on price_release_line referencing new table as touched for each statement execute function guard_release_lines();
create trigger draft_only_update_from after update on price_release_line referencing old table as touched for each statement execute function guard_release_lines();
create trigger draft_only_delete after delete on price_release_line referencing old table as touched for each statement execute function guard_release_lines();

-- One price per part, list and day. A later release closes a window, nothing rewrites it. An empty window is a
-- price that was taken back before its first day.
create table price (
  id            bigint generated always as identity primary key,
  price_list_id bigint not null,
  part_id       bigint not null,
  unit_price    numeric(19, 4) not null check (round(unit_price, 2) > 0),
  valid         daterange not null,
  release_id    bigint not null,
  -- the day a reclassification as core took the price back
  core_on       date,
  foreign key (release_id, price_list_id) references price_release (id, price_list_id),
  foreign key (release_id, part_id) references price_release_line (release_id, part_id),
  -- the part first: GiST sorts by its first column, and there are few lists
  constraint price_one_a_day exclude using gist (part_id with =, price_list_id with =, valid with &&)
);
create index price_part on price (part_id, price_list_id);
create unique index price_release_part on price (release_id, part_id);

-- Days gone by keep the price that was in force on them; only the first price of a part begins in the past. The
-- windows are moved before the release is published, so one that ends on its first day is one it has cut.
create function refuse_backdated_release() returns trigger language plpgsql as $$
begin
  perform from firm
    join price_release_line n on n.release_id = new.id
    join price cut on cut.price_list_id = new.price_list_id and cut.part_id = n.part_id and upper(cut.valid) = new.effective_on
    where new.effective_on < (new.published_at at time zone firm.time_zone)::date
      and not exists (select from price ended where ended.price_list_id = cut.price_list_id and ended.part_id = cut.part_id and ended.core_on = new.effective_on)
    limit 1;
  if found then
    raise exception 'a release changes prices of days gone by' using errcode = 'PL005', constraint = 'price_release_backdated';
  end if;
  return new;
end $$;
create trigger not_backdated before update of state on price_release for each row
  when (new.state = 'published' and old.state <> 'published') execute function refuse_backdated_release();

create function guard_price_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (new.id, new.price_list_id, new.part_id, new.unit_price, new.release_id)
      is distinct from (old.id, old.price_list_id, old.part_id, old.unit_price, old.release_id)
      or not new.valid <@ old.valid or (not isempty(new.valid) and lower(new.valid) is distinct from lower(old.valid)) then
    raise exception 'published prices are never edited' using errcode = 'PL001', table = 'price';
  end if;
  return new;
end $$;
create trigger history before update or delete on price for each row execute function guard_price_history();
create trigger history_truncate before truncate on price for each statement execute function refuse_change();
revoke delete, truncate on price from partledger_service;

-- Core-IP parts have no price anywhere (R2.3). Pricing and a reclassification wait for each other on one lock,
-- so that neither can miss what the other is about to commit; a lock on every part row would cost more than the price.
create function refuse_core_price() returns trigger language plpgsql as $$
declare core text;
begin
  perform pg_advisory_xact_lock_shared(hashtext('price.part_class'));
  select part.part_number into core from touched join part on part.id = touched.part_id where part.part_class = 'core' limit 1;
  if found then
    raise exception 'core parts have no price: %', core using errcode = 'PL003', constraint = 'price_not_core';
  end if;
  return null;
end $$;
create trigger not_core after insert on price referencing new table as touched for each statement execute function refuse_core_price();
create trigger not_core_insert after insert on price_release_line referencing new table as touched for each statement execute function refuse_core_price();
create trigger not_core_update after update on price_release_line referencing new table as touched for each statement execute function refuse_core_price();

-- A part newly classed core loses its prices from that business day on, those announced for later included. The name
-- of the trigger comes before `guard` of the part, which refuses to make a part core while it is sold.
create function end_core_prices() returns trigger language plpgsql as $$
declare today date;
begin
  perform pg_advisory_xact_lock(hashtext('price.part_class'));
  select (new.updated_at at time zone time_zone)::date into strict today from firm;
  update price set valid = valid * daterange(null, today), core_on = today
  where part_id = new.id and not isempty(valid) and (upper(valid) is null or upper(valid) > today);
  return new;
end $$;
create trigger core_has_no_price before update of part_class on part for each row
  when (new.part_class = 'core' and old.part_class <> 'core') execute function end_core_prices();

-- Carriage by zone, mode and weight; amounts tax-inclusive (R4.3).
create table freight_tariff (
  id                   bigint generated always as identity primary key,
  zone                 text not null check (length(zone) between 1 and 40),
  carriage             text not null check (carriage in ('road', 'express', 'air')),
  currency             text not null check (currency ~ '^[A-Z]{3}$'),
  first_weight_kg      numeric(12, 3) not null check (first_weight_kg > 0),
  first_price          numeric(19, 2) not null check (first_price >= 0),
  continued_weight_kg  numeric(12, 3) not null check (continued_weight_kg > 0),
  continued_price      numeric(19, 2) not null check (continued_price >= 0),
  free_from            numeric(19, 2) check (free_from > 0),
  valid                daterange not null check (not isempty(valid)),
  created_by           text not null,
  created_at           timestamptz not null,
  constraint freight_tariff_one_a_day exclude using gist (zone with =, carriage with =, currency with =, valid with &&)
);
