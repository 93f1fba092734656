create table price_list (
  id            bigint generated always as identity primary key,
  code          text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  kind          text not null check (kind in ('settlement', 'guidance')),
  currency      text not null check (currency ~ '^[A-Z]{3}$'),
  tax_inclusive boolean not null,
  name_zh       text,
  name_en       text,
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
  note          text,
  created_by    text not null,
  submitted_by  text,
  approved_by   text,
  published_by  text,
  created_at    timestamptz not null,
  published_at  timestamptz,
  version       integer not null default 1,
  constraint price_release_number_unique unique (number),
  constraint price_release_second_person check (approved_by <> created_by and approved_by <> submitted_by),
  constraint price_release_approved check (state not in ('approved', 'published') or approved_by is not null),
  constraint price_release_published check ((state = 'published') = (published_at is not null))
);

create table price_release_line (
  release_id bigint not null references price_release,
  part_id    bigint not null references part,
  unit_price numeric(19, 4) not null,
  primary key (release_id, part_id),
  -- a price that would post as 0.00 is refused at release, never silently sold for nothing
  constraint price_release_line_posts check (round(unit_price, 2) > 0)
);

-- One price per part, list and day. Windows are closed by a later release, never rewritten.
create table price (
  id            bigint generated always as identity primary key,
  price_list_id bigint not null references price_list,
  part_id       bigint not null references part,
  unit_price    numeric(19, 4) not null check (round(unit_price, 2) > 0),
  valid         daterange not null check (not isempty(valid)),
  release_id    bigint not null references price_release,
  constraint price_one_a_day exclude using gist (price_list_id with =, part_id with =, valid with &&)
);
create index price_part on price (part_id, price_list_id);

create function guard_price_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (new.id, new.price_list_id, new.part_id, new.unit_price, new.release_id)
      is distinct from (old.id, old.price_list_id, old.part_id, old.unit_price, old.release_id)
      or lower(new.valid) is distinct from lower(old.valid) or not new.valid <@ old.valid then
    raise exception 'published prices are never edited' using errcode = 'PL001', table = 'price';
  end if;
  return new;
end $$;
create trigger history before update or delete on price for each row execute function guard_price_history();
revoke delete, truncate on price from partledger_service;

-- Core-IP parts have no price anywhere (R2.3); the part row is held so that a reclassification waits.
create function refuse_core_price() returns trigger language plpgsql as $$
declare class text;
begin
  select part_class into class from part where id = new.part_id for share;
  if class = 'core' then
    raise exception 'core parts have no price' using errcode = 'PL003', constraint = 'price_not_core';
  end if;
  return new;
end $$;
create trigger not_core before insert on price for each row execute function refuse_core_price();
create trigger not_core before insert or update on price_release_line for each row execute function refuse_core_price();

-- Carriage by zone, mode and weight; amounts tax-inclusive (R4.3).
create table freight_tariff (
  id                   bigint generated always as identity primary key,
  zone                 text not null,
  mode                 text not null check (mode in ('road', 'express', 'air')),
  currency             text not null check (currency ~ '^[A-Z]{3}$'),
  first_weight_kg      numeric(12, 3) not null check (first_weight_kg > 0),
  first_price          numeric(19, 2) not null check (first_price >= 0),
  continued_weight_kg  numeric(12, 3) not null check (continued_weight_kg > 0),
  continued_price      numeric(19, 2) not null check (continued_price >= 0),
  free_from            numeric(19, 2) check (free_from > 0),
  valid                daterange not null check (not isempty(valid)),
  constraint freight_tariff_one_a_day exclude using gist (zone with =, mode with =, currency with =, valid with &&)
);
