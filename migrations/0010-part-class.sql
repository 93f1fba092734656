-- A part becomes core only when nothing of the kind a core part must not have is left: no price from that day on,
-- no stock outside the factory, nothing reserved (R2.3, R5.5). The service asks this before it reclassifies; the
-- trigger is the last word for whoever else does. By then its prices have been ended (0006).
create function part_is_sold(part bigint, business_on date) returns boolean language sql stable
  return exists (select from price v where v.part_id = part and (upper_inf(v.valid) or upper(v.valid) > business_on))
    or exists (select from stock_level l join location o on o.id = l.location_id where l.part_id = part and l.on_hand > 0 and o.kind <> 'factory')
    or exists (select from reservation r where r.part_id = part and r.quantity > 0);

-- What was ever priced or moved was counted in its unit.
create function part_is_counted(part bigint) returns boolean language sql stable
  return exists (select from price v where v.part_id = part)
    or exists (select from stock_lot l where l.part_id = part);

create function guard_part_change() returns trigger language plpgsql as $$
begin
  -- the business day of the change, by the clock of the service
  if new.part_class = 'core' and old.part_class <> 'core'
      and part_is_sold(new.id, (new.updated_at at time zone (select time_zone from firm))::date) then
    raise exception 'part % is still priced, stocked outside the factory or reserved', new.part_number
      using errcode = 'PL003', constraint = 'part_class_in_use';
  end if;
  if new.unit <> old.unit and part_is_counted(new.id) then
    raise exception 'part % was priced or moved in its unit', new.part_number using errcode = 'PL003', constraint = 'part_unit_in_use';
  end if;
  return new;
end $$;
create trigger guard before update of part_class, unit on part for each row execute function guard_part_change();
