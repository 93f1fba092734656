/** Shipments as they are read. A shipment that is not visible is not found. */
import { query, queryOne, type Reader } from '../platform/database.ts';
import { problem } from './errors.ts';

export type ShipmentLine = {
  readonly line: number;
  readonly kind: 'goods' | 'freight';
  readonly partNumber: string | null;
  readonly textZh: string | null;
  readonly textEn: string | null;
  readonly unit: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxRate: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
};

export type ShipmentHeader = {
  readonly id: string;
  readonly number: string;
  readonly orderNumber: string;
  readonly dealerCode: string;
  readonly dealerDocument: string;
  readonly shippedOn: string;
  /** The fiscal period its charges stand in. */
  readonly period: string;
  readonly trackingNumber: string | null;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly createdAt: string;
};

export type Shipment = ShipmentHeader & { readonly lines: readonly ShipmentLine[] };

const SELECT = `select s.id, s.number, o.number as "orderNumber", d.code as "dealerCode", o.dealer_document as "dealerDocument",
    s.shipped_on as "shippedOn", f.name as period, s.tracking_number as "trackingNumber", o.currency, s.net, s.tax, s.gross,
    s.created_at as "createdAt"
  from shipment s join dealer_order o on o.id = s.order_id join dealer d on d.id = s.dealer_id
  join journal_entry j on j.id = s.journal_entry_id join fiscal_period f on f.id = j.period_id`;
const VISIBLE = '($2::bigint is null or s.dealer_id = $2::bigint)';

/** A shipment with its lines. Throws SHIPMENT_NOT_FOUND. */
export async function getShipment(em: Reader, number: string, visible: string | null): Promise<Shipment> {
  const header = await queryOne<ShipmentHeader>(em, `${SELECT} where s.number = $1 and ${VISIBLE}`, [number, visible]);
  if (header === null) throw problem('SHIPMENT_NOT_FOUND', { number });
  const lines = await query<ShipmentLine>(
    em,
    `select l.line, o.kind, p.part_number as "partNumber", o.text_zh as "textZh", o.text_en as "textEn", o.unit, l.quantity,
            c.unit_price as "unitPrice", l.tax_rate as "taxRate", l.net, l.tax, l.gross
     from shipment_line l join dealer_order_line o on o.order_id = l.order_id and o.line = l.line left join part p on p.id = o.part_id
     join shipment s on s.id = l.shipment_id join charge c on c.journal_entry_id = s.journal_entry_id and c.line = l.line
     where l.shipment_id = $1 order by l.line`,
    [header.id],
  );
  return { ...header, lines };
}

/** One page, latest first. */
export async function listShipments(
  em: Reader,
  filter: {
    readonly visible: string | null;
    readonly dealerCode: string | null;
    readonly orderNumber: string | null;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<ShipmentHeader[]> {
  return await query<ShipmentHeader>(
    em,
    `${SELECT} where ($1::bigint is null or s.id < $1::bigint) and ${VISIBLE} and ($3::text is null or d.code = $3)
       and ($4::text is null or o.number = $4)
     order by s.id desc limit $5`,
    [filter.before, filter.visible, filter.dealerCode, filter.orderNumber, filter.limit],
  );
}
