-- One row a dealer and currency, moved by delta in the statement of the posting. `open_orders` is what
-- accepted orders will still be charged, gross: balance + open_orders is the exposure held under the limit.
create table dealer_account (
  dealer_id   bigint not null references dealer,
  currency    text not null,
  balance     numeric(19, 2) not null default 0,
  open_orders numeric(19, 2) not null default 0 check (open_orders >= 0),
  primary key (dealer_id, currency),
  foreign key (dealer_id, currency) references dealer (id, currency)
);

revoke delete, truncate on dealer_account from partledger_service;

-- What is on order rises only within the credit limit, whoever moves it. What is owed may pass it: goods that left are charged.
create function guard_credit_limit() returns trigger language plpgsql as $$
begin
  perform from dealer d where d.id = new.dealer_id and new.balance + new.open_orders > d.credit_limit;
  if found then
    raise exception 'the credit limit would be passed' using errcode = 'PL006', constraint = 'dealer_account_within_limit';
  end if;
  return new;
end $$;
create trigger within_limit_insert before insert on dealer_account for each row when (new.open_orders > 0) execute function guard_credit_limit();
create trigger within_limit_update before update on dealer_account for each row when (new.open_orders > old.open_orders) execute function guard_credit_limit();

-- One document on a dealer's ledger. Amounts tax-inclusive where they say gross; a credit is negative.
create table journal_entry (
  id            bigint generated always as identity primary key,
  dealer_id     bigint not null references dealer,
  currency      text not null,
  period_id     bigint not null references fiscal_period,
  document_kind text not null check (document_kind in ('shipment', 'history')),
  document      text not null,
  business_on   date not null,
  posted_at     timestamptz not null,
  actor         text not null,
  foreign key (dealer_id, currency) references dealer (id, currency),
  constraint journal_entry_place unique (id, dealer_id, period_id)
);
-- a document is posted once; a history document whose lines are dated in two months stands once in each
create unique index journal_entry_document_unique on journal_entry (dealer_id, document, document_kind) where document_kind <> 'history';
create unique index journal_entry_history_unique on journal_entry (dealer_id, document, period_id) where document_kind = 'history';
create index journal_entry_document on journal_entry (document);
create index journal_entry_period on journal_entry (period_id);

-- Double entry as transfers: each row moves one positive amount from the credited to the debited account,
-- so Σ postings = 0 by construction.
create table posting (
  id               bigint generated always as identity primary key,
  journal_entry_id bigint not null references journal_entry,
  debit_account    text not null check (debit_account in ('receivable', 'revenue', 'output_tax')),
  credit_account   text not null check (credit_account in ('receivable', 'revenue', 'output_tax')),
  amount           numeric(19, 2) not null check (amount > 0),
  constraint posting_two_sides check (debit_account <> credit_account)
);
create index posting_journal_entry on posting (journal_entry_id);

-- One billable line. Texts are frozen as sold; net + tax = gross on every row.
create table charge (
  id               bigint generated always as identity primary key,
  journal_entry_id bigint not null,
  dealer_id        bigint not null,
  period_id        bigint not null,
  business_on      date not null,
  document         text not null,
  line             integer not null check (line > 0),
  charge_kind      text not null default 'goods' check (charge_kind in ('goods', 'freight')),
  who_invoices     text not null default 'we_issue' check (who_invoices in ('we_issue', 'dealer_issues', 'none')),
  part_id          bigint references part,
  text_zh          text,
  text_en          text,
  unit             text,
  quantity         numeric(14, 3) not null check (quantity <> 0),
  unit_price       numeric(19, 4) not null check (unit_price >= 0),
  tax_rate         numeric(7, 6) not null check (tax_rate >= 0 and tax_rate < 1),
  net              numeric(19, 2) not null,
  tax              numeric(19, 2) not null,
  gross            numeric(19, 2) not null,
  foreign key (journal_entry_id, dealer_id, period_id) references journal_entry (id, dealer_id, period_id),
  constraint charge_adds_up check (net + tax = gross),
  -- a line shipped in parts is the difference of two rounded figures
  constraint charge_tax_fits check (abs(net * tax_rate - tax) <= 0.02),
  constraint charge_one_sign check (sign(gross) * sign(quantity) >= 0),
  constraint charge_named check (text_zh is not null or text_en is not null),
  constraint charge_goods_part check (charge_kind <> 'goods' or part_id is not null),
  constraint charge_line_unique unique (journal_entry_id, line)
);
create index charge_dealer on charge (dealer_id, id);
create index charge_period on charge (period_id, id);

create table statement_of_account (
  id           bigint generated always as identity primary key,
  number       text not null,
  dealer_id    bigint not null references dealer,
  period_id    bigint not null references fiscal_period,
  currency     text not null,
  -- as they were called then: the document never changes
  dealer_name_zh text,
  dealer_name_en text,
  firm_name_zh text,
  firm_name_en text,
  opening      numeric(19, 2) not null,
  movements    numeric(19, 2) not null,
  closing      numeric(19, 2) not null,
  line_count   integer not null check (line_count >= 0),
  hash_version text not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  frozen_at    timestamptz not null,
  constraint statement_number_unique unique (number),
  constraint statement_dealer_period_unique unique (dealer_id, period_id, currency),
  constraint statement_adds_up check (opening + movements = closing),
  foreign key (dealer_id, currency) references dealer (id, currency)
);
create index statement_period on statement_of_account (period_id);

create table statement_line (
  statement_id bigint not null references statement_of_account,
  position     integer not null check (position > 0),
  charge_id    bigint not null references charge,
  document     text not null,
  line         integer not null,
  business_on  date not null,
  part_number  text,
  text_zh      text,
  text_en      text,
  unit         text,
  quantity     numeric(14, 3) not null,
  net          numeric(19, 2) not null,
  tax          numeric(19, 2) not null,
  gross        numeric(19, 2) not null,
  primary key (statement_id, position),
  constraint statement_line_adds_up check (net + tax = gross),
  constraint statement_line_once unique (charge_id)
);

-- The canonical form `partledger-statement-1` of a statement: the bytes of its CSV export, made here so that a
-- close can hash thousands of statements in one statement. statement-csv.ts makes the same bytes; a change of
-- either needs new functions and a new hash version.
create function statement_1_cell(cell text) returns text language sql stable parallel safe
  return case when cell ~ '[",\r\n]' then '"' || replace(cell, '"', '""') || '"' else cell end;

-- no spreadsheet takes it for a formula
create function statement_1_text(cell text) returns text language sql stable parallel safe
  return statement_1_cell(case when left(cell, 1) in ('=', '+', '-', '@', e'\t', e'\r') then '''' || cell else cell end);

create function statement_1_line(dealer text, period text, opening numeric, document text, line integer, business_on date,
  text_zh text, text_en text, quantity numeric, net numeric, tax numeric, gross numeric, closing numeric) returns text language sql stable parallel safe
  return statement_1_text(dealer) || ',' || period || ',' || opening || ',' || statement_1_text(document) || ',' || line || ',' || to_char(business_on, 'YYYY-MM-DD') || ',' ||
    statement_1_text(case when text_zh <> text_en then text_zh || ' / ' || text_en else coalesce(text_zh, text_en, '') end) || ',' ||
    quantity || ',' || net || ',' || tax || ',' || gross || ',' || closing || e'\n';

-- `lines` are the lines of the statement in order, null where there is none
create function statement_1_hash(dealer text, period text, last_on date, opening numeric, closing numeric, lines text) returns text language sql stable parallel safe
  return encode(sha256(convert_to(
    e'dealer,period,opening,document,line,business_on,text,quantity,net,tax,gross,closing\n' ||
    coalesce(lines, statement_1_line(dealer, period, opening, '', 0, last_on, '本期无发生', 'No movements', 0.000, 0.00, 0.00, 0.00, closing)),
    'UTF8')), 'hex');

-- A posting lands in an open period, and never before a statement already frozen for its dealer. The period
-- row is held until commit, so a close waits for it or it for the close.
create function require_open_periods(dealer_ids bigint[], period_ids bigint[]) returns void language plpgsql as $$
declare period record;
begin
  for period in select name, state from fiscal_period where id = any (period_ids) order by first_on for share loop
    if period.state <> 'open' then
      raise exception 'period % is %', period.name, period.state using errcode = 'PL004', constraint = 'period_open';
    end if;
  end loop;
  perform from unnest(dealer_ids, period_ids) as i (dealer_id, period_id)
    join fiscal_period p on p.id = i.period_id
    join statement_of_account s on s.dealer_id = i.dealer_id
    join fiscal_period frozen on frozen.id = s.period_id and frozen.first_on >= p.first_on
    limit 1;
  if found then
    raise exception 'a statement of this or a later period is frozen' using errcode = 'PL004', constraint = 'statement_frozen';
  end if;
end $$;

create function guard_period() returns trigger language plpgsql as $$
begin
  perform require_open_periods(array_agg(dealer_id), array_agg(period_id)) from (select distinct dealer_id, period_id from inserted) i;
  return null;
end $$;
create trigger period_open after insert on journal_entry referencing new table as inserted for each statement execute function guard_period();
create trigger period_open after insert on charge referencing new table as inserted for each statement execute function guard_period();

create function guard_posting_period() returns trigger language plpgsql as $$
begin
  perform require_open_periods(array_agg(dealer_id), array_agg(period_id)) from (
    select distinct e.dealer_id, e.period_id from inserted i join journal_entry e on e.id = i.journal_entry_id) p;
  return null;
end $$;
create trigger period_open after insert on posting referencing new table as inserted for each statement execute function guard_posting_period();

call make_append_only('journal_entry');
call make_append_only('posting');
call make_append_only('charge');
call make_append_only('statement_of_account');
call make_append_only('statement_line');
