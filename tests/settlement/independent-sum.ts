/** Sums of a history file by dealer and month that share no code with the product: own CSV reader, integers only. */
export type Month = { movements: bigint; lines: number };

/** Movements in cents of each `dealer month`, from the raw text of a file in the columns of the UCI data set. */
export function sumsOf(text: string, { dropIdentical = false } = {}): Map<string, Month> {
  const [header = [], ...records] = recordsOf(text);
  const at = (name: string) => header.indexOf(name);
  const [quantity, price, date, customer] = [at('Quantity'), at('UnitPrice'), at('InvoiceDate'), at('CustomerID')];
  const sums = new Map<string, Month>();
  const seen = new Set<string>();
  for (const record of records) {
    const dealer = (record[customer] ?? '').split('.')[0] ?? '';
    const unitPrice = scaled(record[price] ?? '', 4);
    const units = scaled(record[quantity] ?? '', 3);
    if (dealer === '' || unitPrice <= 0n || units === 0n) continue;
    const whole = JSON.stringify(record);
    if (dropIdentical && seen.has(whole)) continue;
    seen.add(whole);
    const key = `${dealer} ${(record[date] ?? '').slice(0, 7)}`;
    const month = sums.get(key) ?? { movements: 0n, lines: 0 };
    month.movements += cents(units * unitPrice);
    month.lines += 1;
    sums.set(key, month);
  }
  return sums;
}

/** A decimal text times ten to the power of `scale`. */
function scaled(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw new Error(`${text} is no number`);
  const [, sign, whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -digits : digits;
}

/** Ten-millionths rounded to cents, half away from zero. */
function cents(value: bigint): bigint {
  const half = 50_000n;
  return value < 0n ? -((-value + half) / 100_000n) : (value + half) / 100_000n;
}

export function inCents(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

function recordsOf(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter(line => line !== '')
    .map(line =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
      ),
    );
}
