create table unit (
  code       text primary key check (code ~ '^[a-z0-9_]{1,12}$'),
  name_zh    text not null,
  name_en    text not null,
  fractional boolean not null
);
insert into unit values
  ('piece', '件', 'piece', false), ('set', '套', 'set', false), ('pair', '副', 'pair', false), ('box', '箱', 'box', false),
  ('metre', '米', 'metre', true), ('litre', '升', 'litre', true), ('kilogram', '千克', 'kilogram', true);

create table part (
  id               bigint generated always as identity primary key,
  part_number      text not null check (part_number ~ '^[^[:cntrl:]]{1,64}$' and part_number = btrim(part_number)),
  search_number    text not null generated always as (upper(regexp_replace(part_number, '[^[:alnum:]]', '', 'g'))) stored,
  name_zh          text check (length(name_zh) between 1 and 400),
  name_en          text check (length(name_en) between 1 and 400),
  part_class       text not null check (part_class in ('standard', 'wear', 'functional', 'core')),
  unit             text not null references unit,
  goods_code       text check (goods_code ~ '^[0-9]{19}$'),
  goods_short_name text,
  tax_class        text not null default 'part',
  weight_kg        numeric(12, 3) check (weight_kg >= 0),
  pack_quantity    numeric(14, 3) not null default 1 check (pack_quantity > 0),
  serviceable      boolean not null default true,
  active_from      date,
  active_to        date,
  version          integer not null default 1,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  constraint part_number_unique unique (part_number),
  constraint part_identity unique (id, part_number),
  constraint part_named check (name_zh is not null or name_en is not null),
  constraint part_active check (active_to is null or active_from is null or active_to >= active_from)
);
create index part_search_number on part (search_number text_pattern_ops);

-- Standard landed cost, net of VAT, in the firm's currency, from a day on.
create table part_cost (
  part_id bigint not null references part,
  from_on date not null,
  cost    numeric(19, 4) not null check (cost >= 0),
  primary key (part_id, from_on)
);

-- One-way: the successor takes the part's place. A successor not (yet) in the catalog dangles: it keeps its
-- number and is flagged until that part arrives. Loops are refused by the trigger below. `created_at` is the
-- instant from which the successor stands in: when it was recorded, or when a dangling one arrived.
create table supersession (
  part_id          bigint primary key references part,
  successor_number text not null check (successor_number ~ '^[^[:cntrl:]]{1,64}$' and successor_number = btrim(successor_number)),
  successor_id     bigint,
  created_at       timestamptz not null,
  constraint supersession_successor_number foreign key (successor_id, successor_number) references part (id, part_number),
  constraint supersession_not_itself check (successor_id <> part_id)
);
create index supersession_successor on supersession (successor_id);
create index supersession_dangling on supersession (successor_number) where successor_id is null;

create table machine_model (
  id         bigint generated always as identity primary key,
  code       text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  name_zh    text check (length(name_zh) between 1 and 200),
  name_en    text check (length(name_en) between 1 and 200),
  created_at timestamptz not null,
  constraint machine_model_code_unique unique (code),
  constraint machine_model_named check (name_zh is not null or name_en is not null)
);

-- A line stands at one place of the model's catalog, figure and position; assemblies nest by naming the line they hang on.
create table service_bom_line (
  id            bigint generated always as identity primary key,
  model_id      bigint not null references machine_model,
  parent_id     bigint,
  part_id       bigint not null references part,
  quantity      numeric(14, 3) not null check (quantity > 0),
  figure        text not null check (length(figure) between 1 and 40),
  position      text not null check (length(position) between 1 and 40),
  main_assembly boolean not null default false,
  constraint service_bom_line_place_unique unique (model_id, figure, position),
  constraint service_bom_line_model unique (model_id, id),
  constraint service_bom_line_parent foreign key (model_id, parent_id) references service_bom_line (model_id, id),
  constraint service_bom_line_not_itself check (parent_id <> id)
);
create index service_bom_line_part on service_bom_line (part_id);
create index service_bom_line_parent_id on service_bom_line (parent_id);

create table dealer (
  id              bigint generated always as identity primary key,
  code            text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  dealer_kind     text not null default 'dealer' check (dealer_kind in ('dealer', 'authorised_service_station', 'own_branch')),
  name_zh         text check (length(name_zh) between 1 and 200),
  name_en         text check (length(name_en) between 1 and 200),
  currency        text not null check (currency ~ '^[A-Z]{3}$'),
  zone            text,
  terms           text not null default 'per_order' check (terms in ('per_order', 'monthly', 'quarterly')),
  credit_limit    numeric(19, 2) check (credit_limit >= 0),
  credit_code     text check (credit_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  active          boolean not null default true,
  version         integer not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint dealer_code_unique unique (code),
  constraint dealer_currency unique (id, currency),
  constraint dealer_named check (name_zh is not null or name_en is not null)
);

create table dealer_level (
  dealer_id bigint not null references dealer,
  from_on   date not null,
  level     text not null check (level ~ '^[A-Z0-9]{1,10}$'),
  primary key (dealer_id, from_on)
);

alter table person add constraint person_dealer_fk foreign key (dealer_id) references dealer;
alter table machine_account add constraint machine_account_dealer_fk foreign key (dealer_id) references dealer;
alter table stored_file add constraint stored_file_dealer_fk foreign key (dealer_id) references dealer;
alter table job add constraint job_dealer_fk foreign key (dealer_id) references dealer;

-- Following successors from a part never comes back to it.
create function refuse_supersession_loop() returns trigger language plpgsql as $$
declare met bigint; steps integer := 0;
begin
  -- one writer of supersessions at a time: two half-loops written at once would each look fine
  perform pg_advisory_xact_lock(hashtext('supersession'));
  met := new.successor_id;
  while met is not null and steps < 100 loop
    if met = new.part_id then
      raise exception 'supersession loop at part %', new.part_id using errcode = 'PL002', constraint = 'supersession_no_loop';
    end if;
    select s.successor_id into met from supersession s where s.part_id = met;
    steps := steps + 1;
  end loop;
  if steps = 100 then
    raise exception 'supersession chain too long at part %', new.part_id using errcode = 'PL002', constraint = 'supersession_no_loop';
  end if;
  return new;
end $$;
-- not for what a trigger does: linking with an arriving part closes no loop (below), and must not wait for other arrivals
create trigger no_loop after insert or update on supersession for each row when (pg_trigger_depth() = 0) execute function refuse_supersession_loop();

-- Parts arrive and supersessions are written, never both at once: otherwise a number could be recorded as not
-- there by one transaction while another one makes it. Arrivals share the lock, so they do not wait for each other.
create function fence_supersession() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('supersession'));
  return null;
end $$;
create trigger fence before insert on part for each statement execute function fence_supersession();

-- Who waits for an arriving number is linked with it. A part that has just come has no successor of its own yet,
-- so this never closes a loop.
create function link_waiting_supersessions() returns trigger language plpgsql as $$
begin
  update supersession s set successor_id = a.id, created_at = greatest(s.created_at, a.created_at)
  from arrived a where s.successor_number = a.part_number and s.successor_id is null;
  return null;
end $$;
create trigger link_waiting after insert on part referencing new table as arrived for each statement execute function link_waiting_supersessions();

create trigger number_stays before update of part_number on part for each row execute function refuse_change();
create trigger code_stays before update of code, currency on dealer for each row execute function refuse_change();
