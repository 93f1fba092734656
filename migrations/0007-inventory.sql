-- Every move has a from and a to; supplier, customer, scrap and count difference are places too. `counted`
-- places have levels; the others are the edges of the firm's stock.
create table location (
  id         bigint generated always as identity primary key,
  code       text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  kind       text not null check (kind in ('warehouse', 'factory', 'in_transit', 'in_transit_to_factory', 'consigned', 'supplier',
               'customer', 'scrap', 'factory_scrap', 'count_difference', 'factory_count_difference', 'fitted_at_factory')),
  name_zh    text,
  name_en    text,
  dealer_id  bigint references dealer,
  counted    boolean not null generated always as (kind in ('warehouse', 'factory', 'in_transit', 'in_transit_to_factory', 'consigned')) stored,
  active     boolean not null default true,
  created_at timestamptz not null,
  constraint location_code_unique unique (code),
  constraint location_counted_unique unique (id, counted),
  constraint location_named check (name_zh is not null or name_en is not null),
  -- consigned stock is ours at one dealer (R5.7)
  constraint location_consigned_dealer check ((kind = 'consigned') = (dealer_id is not null))
);
insert into location (code, kind, name_zh, name_en, created_at) values
  ('SUPPLIER', 'supplier', '供应商', 'Supplier', now()), ('CUSTOMER', 'customer', '客户', 'Customer', now()),
  ('SCRAP', 'scrap', '报废', 'Scrap', now()), ('COUNT-DIFFERENCE', 'count_difference', '盘点差异', 'Count difference', now());

-- The kind decides what may come here; a place that changed it would rewrite history.
create trigger kind_fixed before update of kind on location for each row when (new.kind <> old.kind) execute function refuse_change();

-- First receipt into the network: age is counted from here and never reset (R5.2).
create table stock_lot (
  id              bigint generated always as identity primary key,
  part_id         bigint not null references part,
  received_on     date not null,
  origin_kind     text not null check (origin_kind in ('receipt', 'opening')),
  origin_document text not null,
  origin_line     integer not null,
  -- as first received
  quantity        numeric(14, 3) not null check (quantity > 0),
  unit_cost       numeric(19, 4) not null check (unit_cost >= 0),
  created_at      timestamptz not null,
  constraint stock_lot_origin_unique unique (origin_document, origin_line),
  constraint stock_lot_part unique (id, part_id),
  constraint stock_lot_cost unique (id, part_id, unit_cost)
);
-- a firm brings the opening stock of a place, part and first receipt once
create unique index stock_lot_opening_once on stock_lot (origin_document, part_id, received_on) where origin_kind = 'opening';
call make_append_only('stock_lot');

-- Only counted places have levels: the constant is what the foreign key compares.
create table stock_level (
  location_id bigint not null,
  part_id     bigint not null references part,
  -- wider than a quantity, so that no sum of receipts overflows
  on_hand     numeric(20, 3) not null default 0,
  reserved    numeric(20, 3) not null default 0,
  counted     boolean not null generated always as (true) stored,
  primary key (location_id, part_id),
  constraint stock_level_counted_place foreign key (location_id, counted) references location (id, counted),
  constraint stock_level_never_negative check (on_hand >= 0),
  constraint stock_level_reserved check (reserved >= 0 and reserved <= on_hand)
);
create index stock_level_part on stock_level (part_id);

create table lot_level (
  location_id bigint not null,
  lot_id      bigint not null,
  part_id     bigint not null,
  on_hand     numeric(14, 3) not null,
  primary key (location_id, lot_id),
  foreign key (lot_id, part_id) references stock_lot (id, part_id),
  foreign key (location_id, part_id) references stock_level (location_id, part_id),
  constraint lot_level_never_negative check (on_hand >= 0)
);
create index lot_level_part on lot_level (part_id, location_id) where on_hand > 0;

create table stock_entry (
  id               bigint generated always as identity primary key,
  from_location_id bigint not null references location,
  to_location_id   bigint not null references location,
  part_id          bigint not null,
  lot_id           bigint not null,
  quantity         numeric(14, 3) not null check (quantity > 0),
  unit_cost        numeric(19, 4) not null check (unit_cost >= 0),
  business_on      date not null,
  posted_at        timestamptz not null,
  document_kind    text not null,
  document         text not null,
  line             integer not null,
  actor            text not null,
  -- stamped by the trigger from part and places, whatever the caller says
  part_class       text not null,
  from_kind        text not null,
  to_kind          text not null,
  -- a lot's cost goes with it wherever it goes
  foreign key (lot_id, part_id, unit_cost) references stock_lot (id, part_id, unit_cost),
  constraint stock_entry_moves check (from_location_id <> to_location_id),
  -- R5.5: a core-IP part goes home, or back where it came from, and nowhere else
  constraint stock_entry_core_destination check (part_class <> 'core' or to_kind in ('factory', 'in_transit_to_factory', 'fitted_at_factory', 'factory_scrap', 'factory_count_difference', 'supplier'))
);
create index stock_entry_part on stock_entry (part_id, id);
create index stock_entry_document on stock_entry (document);

-- The part row is held to the commit, so that a part is not made core behind the back of a move.
create function stamp_stock_entry() returns trigger language plpgsql as $$
begin
  select p.part_class, origin.kind, destination.kind into new.part_class, new.from_kind, new.to_kind
  from part p, location origin, location destination
  where p.id = new.part_id and origin.id = new.from_location_id and destination.id = new.to_location_id
  for share of p;
  return new;
end $$;
create trigger stamp before insert on stock_entry for each row execute function stamp_stock_entry();
call make_append_only('stock_entry');

-- What a document line has set aside at a place; `quantity` is what is still held.
create table reservation (
  id            bigint generated always as identity primary key,
  location_id   bigint not null,
  part_id       bigint not null,
  document      text not null,
  line          integer not null,
  quantity      numeric(14, 3) not null check (quantity >= 0),
  created_at    timestamptz not null,
  foreign key (location_id, part_id) references stock_level (location_id, part_id),
  constraint reservation_line_unique unique (document, line, location_id)
);
create index reservation_held on reservation (part_id, location_id) where quantity > 0;

-- A core-IP part is set aside for nobody (R5.5); what was held before it became core may only shrink.
create function refuse_core_reservation() returns trigger language plpgsql as $$
declare class text;
begin
  if tg_op = 'UPDATE' and new.quantity <= old.quantity and new.part_id = old.part_id then
    return new;
  end if;
  select part_class into class from part where id = new.part_id for share;
  if class = 'core' then
    raise exception 'core parts are not reserved' using errcode = 'PL006', constraint = 'reservation_not_core';
  end if;
  return new;
end $$;
create trigger not_core before insert or update on reservation for each row execute function refuse_core_reservation();
