/** Goods receipt: every line becomes a lot with its cost and the day it first came into the network (S1 §8.5, R5.2). */
import { appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { hasScale, isPositive } from '../core/decimal.ts';
import { formatUnitPrice, unitPrice } from '../core/money.ts';
import { formatQuantity, quantity } from '../core/quantity.ts';
import { nextDocumentNumber } from '../firm/index.ts';
import { query, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { appendReceipt, type IncomingLine } from './append-receipt.ts';
import { problem } from './errors.ts';
import { getLocation, type Location } from './location.ts';

export type ReceiptLine = {
  readonly line: number;
  readonly partNumber: string;
  readonly quantity: string;
  /** Net of VAT, in the firm's currency, per unit. */
  readonly unitCost: string;
  /** First receipt into the network, where it was before this one. */
  readonly receivedOn?: string;
};

export type StockReceipt = {
  readonly number: string;
  readonly locationCode: string;
  readonly receivedOn: string;
  readonly lines: ReadonlyArray<Omit<ReceiptLine, 'receivedOn'> & { readonly receivedOn: string }>;
};

type PartToMove = { readonly id: string; readonly partClass: string; readonly fractional: boolean };

/** Kinds of place that take goods from a supplier. */
const RECEIVING = new Set(['warehouse', 'factory']);

/** Books a receipt under a number of its own. Errors as `receiveStock`. */
export async function createStockReceipt(
  tx: Tx,
  context: Context,
  command: { locationCode: string; receivedOn?: string; lines: readonly Omit<ReceiptLine, 'line'>[] },
): Promise<StockReceipt> {
  const businessOn = businessDate(command.receivedOn ?? context.today);
  return await receiveStock(tx, context, {
    document: await nextDocumentNumber(tx, 'R', businessOn),
    locationCode: command.locationCode,
    businessOn,
    lines: command.lines.map((line, index) => ({ ...line, line: index + 1 })),
  });
}

/**
 * Receives from the supplier. Throws LOCATION_NOT_FOUND, LOCATION_NOT_RECEIVING, RECEIPT_DATE_INVALID,
 * RECEIPT_LINES_REFUSED (PART_NOT_FOUND, QUANTITY_NOT_WHOLE, QUANTITY_NOT_POSITIVE a line), CORE_PART_BLOCKED.
 */
export async function receiveStock(
  tx: Tx,
  context: Context,
  command: { document: string; locationCode: string; businessOn: string; lines: readonly ReceiptLine[] },
): Promise<StockReceipt> {
  const { document, businessOn } = command;
  const location = await getLocation(tx, command.locationCode);
  requireReceiving(location);
  const dated = command.lines.map(line => ({ ...line, receivedOn: businessDate(line.receivedOn ?? businessOn) }));
  const late = [businessOn, ...dated.map(line => line.receivedOn)].find(on => on > context.today);
  if (late !== undefined) throw problem('RECEIPT_DATE_INVALID', { receivedOn: late, today: context.today });
  const lines = decideLines(dated, await partsToMove(tx, [...new Set(dated.map(line => line.partNumber))]), location);
  await appendReceipt(tx, context, { originKind: 'receipt', document, locationId: location.id, businessOn, lines });
  const receipt = {
    number: document,
    locationCode: location.code,
    receivedOn: businessOn,
    lines: dated.map(line => ({
      ...line,
      quantity: formatQuantity(quantity(line.quantity)),
      unitCost: formatUnitPrice(unitPrice(line.unitCost)),
    })),
  };
  await appendAudit(tx, context, {
    action: 'stock.received',
    subjectKind: 'stock-receipt',
    subjectId: document,
    after: receipt,
  });
  publish(tx, {
    stream: FIRM_STREAM,
    type: 'stock.received',
    subject: { number: document, locationCode: location.code },
  });
  return receipt;
}

/** Throws LOCATION_NOT_RECEIVING unless goods from a supplier may be received here. */
function requireReceiving(location: Location): void {
  if (!location.active || !RECEIVING.has(location.kind)) {
    throw problem('LOCATION_NOT_RECEIVING', { locationCode: location.code, kind: location.kind });
  }
}

/** What a move needs to know of its parts, by exact part number; unknown numbers are missing. */
async function partsToMove(em: Reader, partNumbers: readonly string[]): Promise<Map<string, PartToMove>> {
  const rows = await query<PartToMove & { partNumber: string }>(
    em,
    `select p.id, p.part_number as "partNumber", p.part_class as "partClass", u.fractional
     from part p join unit u on u.code = p.unit where p.part_number = any($1::text[])`,
    [partNumbers],
  );
  return new Map(rows.map(({ partNumber, ...part }) => [partNumber, part]));
}

function decideLines(
  lines: ReadonlyArray<ReceiptLine & { readonly receivedOn: string }>,
  parts: ReadonlyMap<string, PartToMove>,
  location: Location,
): IncomingLine[] {
  const refused = lines.flatMap(line => {
    const code = refusalOf(line, parts.get(line.partNumber));
    return code === null ? [] : [{ line: line.line, partNumber: line.partNumber, code }];
  });
  if (refused.length > 0) throw problem('RECEIPT_LINES_REFUSED', { lines: refused });
  return lines.map(line => {
    const part = parts.get(line.partNumber) as PartToMove;
    // the database refuses it whoever asks; here the refusal names the part
    if (part.partClass === 'core' && location.kind !== 'factory') {
      throw problem('CORE_PART_BLOCKED', { partNumber: line.partNumber, locationCode: location.code });
    }
    return { ...line, partId: part.id };
  });
}

function refusalOf(line: ReceiptLine, part: PartToMove | undefined): string | null {
  if (part === undefined) return 'PART_NOT_FOUND';
  const wanted = quantity(line.quantity);
  if (!isPositive(wanted)) return 'QUANTITY_NOT_POSITIVE';
  if (!part.fractional && !hasScale(wanted, 0)) return 'QUANTITY_NOT_WHOLE';
  return null;
}
