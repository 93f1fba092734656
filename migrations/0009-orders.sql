create table quote (
  id            bigint generated always as identity primary key,
  number        text not null,
  dealer_id     bigint not null references dealer,
  state         text not null default 'open' check (state in ('open', 'ordered', 'withdrawn')),
  currency      text not null,
  tax_inclusive boolean not null,
  quoted_on     date not null,
  valid_until   date not null check (valid_until >= quoted_on),
  zone          text,
  freight_mode  text not null check (freight_mode in ('with_goods', 'pass_through', 'separate')),
  carriage      text not null check (carriage in ('road', 'express', 'air')),
  weight_kg     numeric(14, 3) not null check (weight_kg >= 0),
  net           numeric(19, 2) not null,
  tax           numeric(19, 2) not null,
  gross         numeric(19, 2) not null,
  dealer_reference text check (length(dealer_reference) between 1 and 64),
  created_by    text not null,
  created_at    timestamptz not null,
  version       integer not null default 1,
  foreign key (dealer_id, currency) references dealer (id, currency),
  constraint quote_number_unique unique (number),
  constraint quote_dealer unique (dealer_id, id),
  constraint quote_adds_up check (net + tax = gross)
);
-- what was promised stays as it was promised
create trigger frozen before update of number, dealer_id, currency, tax_inclusive, quoted_on, valid_until, zone, freight_mode, carriage,
  weight_kg, net, tax, gross on quote for each row execute function refuse_change();
revoke delete, truncate on quote from partledger_service;

create table quote_line (
  quote_id   bigint not null references quote,
  line       integer not null check (line > 0),
  kind       text not null check (kind in ('goods', 'freight')),
  part_id    bigint references part,
  text_zh    text,
  text_en    text,
  unit       text,
  quantity   numeric(14, 3) not null check (quantity > 0),
  unit_price numeric(19, 4) not null check (unit_price >= 0),
  tax_class  text not null,
  tax_rate   numeric(7, 6) not null check (tax_rate >= 0 and tax_rate < 1),
  net        numeric(19, 2) not null check (net >= 0),
  tax        numeric(19, 2) not null check (tax >= 0),
  gross      numeric(19, 2) not null check (gross >= 0),
  trace      jsonb not null,
  primary key (quote_id, line),
  constraint quote_line_adds_up check (net + tax = gross),
  -- one rounding: on an inclusive list that of the net, carried into the tax
  constraint quote_line_taxed check (abs(net * tax_rate - tax) <= 0.01),
  constraint quote_line_goods_part check ((kind = 'goods') = (part_id is not null))
);
call make_append_only('quote_line');

create table dealer_order (
  id            bigint generated always as identity primary key,
  number        text not null,
  dealer_id     bigint not null references dealer,
  quote_id      bigint,
  order_type    text not null default 'stock' check (order_type in ('stock', 'emergency')),
  dealer_document text not null check (length(dealer_document) between 1 and 64),
  state         text not null default 'placed' check (state in ('placed', 'partially_shipped', 'shipped', 'cancelled')),
  currency      text not null,
  tax_inclusive boolean not null,
  ordered_on    date not null,
  location_id   bigint not null references location,
  zone          text,
  freight_mode  text not null check (freight_mode in ('with_goods', 'pass_through', 'separate')),
  carriage      text not null check (carriage in ('road', 'express', 'air')),
  weight_kg     numeric(14, 3) not null check (weight_kg >= 0),
  net           numeric(19, 2) not null,
  tax           numeric(19, 2) not null,
  gross         numeric(19, 2) not null,
  created_by    text not null,
  created_at    timestamptz not null,
  version       integer not null default 1,
  foreign key (dealer_id, currency) references dealer (id, currency),
  constraint dealer_order_quote foreign key (quote_id, dealer_id) references quote (id, dealer_id),
  constraint dealer_order_dealer unique (dealer_id, id),
  constraint dealer_order_number_unique unique (number),
  constraint dealer_order_dealer_document_unique unique (dealer_id, dealer_document),
  constraint dealer_order_quote_once unique (quote_id),
  constraint dealer_order_adds_up check (net + tax = gross)
);
create trigger frozen before update of number, dealer_id, quote_id, order_type, dealer_document, currency, tax_inclusive, ordered_on,
  location_id, zone, freight_mode, carriage, weight_kg, net, tax, gross, created_by, created_at
  on dealer_order for each row execute function refuse_change();
revoke delete, truncate on dealer_order from partledger_service;

create table dealer_order_line (
  order_id           bigint not null references dealer_order,
  line               integer not null check (line > 0),
  kind               text not null check (kind in ('goods', 'freight')),
  part_id            bigint references part,
  text_zh            text,
  text_en            text,
  unit               text,
  quantity           numeric(14, 3) not null check (quantity > 0),
  reserved_quantity  numeric(14, 3) not null default 0,
  shipped_quantity   numeric(14, 3) not null default 0,
  cancelled_quantity numeric(14, 3) not null default 0,
  unit_price         numeric(19, 4) not null check (unit_price >= 0),
  tax_class          text not null,
  tax_rate           numeric(7, 6) not null check (tax_rate >= 0 and tax_rate < 1),
  net                numeric(19, 2) not null check (net >= 0),
  tax                numeric(19, 2) not null check (tax >= 0),
  gross              numeric(19, 2) not null check (gross >= 0),
  -- of the gross: what no longer counts as an open order of the dealer's account, by shipment or cancellation
  released_gross     numeric(19, 2) not null default 0,
  trace              jsonb not null,
  answer             text not null check (answer in ('accepted', 'back_ordered')),
  primary key (order_id, line),
  constraint dealer_order_line_adds_up check (net + tax = gross),
  constraint dealer_order_line_taxed check (abs(net * tax_rate - tax) <= 0.01),
  constraint dealer_order_line_goods_part check ((kind = 'goods') = (part_id is not null)),
  constraint dealer_order_line_quantities check (reserved_quantity >= 0 and shipped_quantity >= 0 and cancelled_quantity >= 0
    and reserved_quantity + shipped_quantity + cancelled_quantity <= quantity),
  constraint dealer_order_line_released check (released_gross between 0 and gross
    and (shipped_quantity + cancelled_quantity < quantity or released_gross = gross))
);
create trigger frozen before update of order_id, line, part_id, kind, text_zh, text_en, unit, quantity, unit_price, tax_class, tax_rate, net, tax, gross, trace
  on dealer_order_line for each row execute function refuse_change();
revoke delete, truncate on dealer_order_line from partledger_service;

create table shipment (
  id               bigint generated always as identity primary key,
  number           text not null,
  order_id         bigint not null,
  dealer_id        bigint not null,
  journal_entry_id bigint not null references journal_entry,
  shipped_on       date not null,
  tracking_number  text check (length(tracking_number) between 1 and 64),
  net              numeric(19, 2) not null,
  tax              numeric(19, 2) not null,
  gross            numeric(19, 2) not null,
  created_by       text not null,
  created_at       timestamptz not null,
  constraint shipment_dealer foreign key (order_id, dealer_id) references dealer_order (id, dealer_id),
  constraint shipment_number_unique unique (number),
  constraint shipment_order_unique unique (id, order_id),
  constraint shipment_adds_up check (net + tax = gross)
);
create index shipment_order on shipment (order_id);
create index shipment_dealer on shipment (dealer_id, id);

-- A line keeps its number from the order to the shipment, the stock ledger and the charge.
create table shipment_line (
  shipment_id bigint not null,
  order_id    bigint not null,
  line        integer not null,
  quantity    numeric(14, 3) not null check (quantity > 0),
  tax_rate    numeric(7, 6) not null check (tax_rate >= 0 and tax_rate < 1),
  net         numeric(19, 2) not null check (net >= 0),
  tax         numeric(19, 2) not null check (tax >= 0),
  gross       numeric(19, 2) not null check (gross >= 0),
  primary key (shipment_id, line),
  foreign key (shipment_id, order_id) references shipment (id, order_id),
  foreign key (order_id, line) references dealer_order_line (order_id, line),
  constraint shipment_line_adds_up check (net + tax = gross),
  -- the difference of two figures, each rounded once
  constraint shipment_line_taxed check (abs(net * tax_rate - tax) <= 0.02)
);
create index shipment_line_order on shipment_line (order_id, line);
call make_append_only('shipment');
call make_append_only('shipment_line');
