/** statement-pdf: a Chinese statement of 1,000 rows against the same layout in the Latin font every PDF reader brings. */
import type { FontPair } from '../src/platform/pdf/index.ts';
import type { FrozenStatement } from '../src/settlement/frozen-statement.ts';
import { renderStatementPdf } from '../src/settlement/statement-pdf.ts';
import { type BenchRow, median } from './row.ts';

const ROWS = 1_000;
const RUNS = 9;
const HAN_PER_ROW = 12;
const DISTINCT_HAN = 2_400;
const FIRST_HAN = 0x4e00;
const LATIN: FontPair = { regular: 'Helvetica', bold: 'Helvetica-Bold' };

/** Milliseconds per document, fonts already open on both sides. */
export async function statementPdf(): Promise<BenchRow> {
  const han = statement(hanText);
  const latin = statement(i => `Reinforced reel tine ${i}`);
  const ours = () => renderStatementPdf(han, 'zh');
  const floor = () => renderStatementPdf(latin, 'en', LATIN);
  const [oursPages, floorPages] = [pagesOf(await ours()), pagesOf(await floor())];
  if (oursPages !== floorPages) throw new Error(`${oursPages} pages are not the layout of ${floorPages}`);
  const times = { ours: [] as number[], floor: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    times.ours.push(await millisecondsOf(ours));
    times.floor.push(await millisecondsOf(floor));
  }
  const [oursMs, floorMs] = [median(times.ours), median(times.floor)];
  return {
    row: 'statement-pdf',
    ours: oursMs,
    floor: floorMs,
    ratio: oursMs / floorMs,
    target: 2.2,
    unit: 'ms',
    runs: RUNS,
    floorSource: `the same renderer and template, ${ROWS} rows of Latin text on as many pages, pdfkit's built-in Helvetica: ${floor}`,
  };
}

async function millisecondsOf(render: () => Promise<Buffer>): Promise<number> {
  const start = performance.now();
  await render();
  return performance.now() - start;
}

function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').split('/Type /Page\n').length - 1;
}

function hanText(row: number): string {
  const characters = Array.from({ length: HAN_PER_ROW }, (_, i) => {
    return String.fromCodePoint(FIRST_HAN + ((row * HAN_PER_ROW + i) % DISTINCT_HAN) * 7);
  });
  return characters.join('');
}

function statement(textOf: (row: number) => string): FrozenStatement {
  const latin = textOf === hanText ? null : 'Woye Agricultural Equipment';
  return {
    number: 'S2011-03-17850',
    dealer: { code: '17850', nameZh: latin ?? '建三江绿禾农机有限公司', nameEn: null },
    firm: { nameZh: latin ?? '沃野农业装备股份有限公司', nameEn: null },
    timeZone: 'Asia/Shanghai',
    period: '2011-03',
    firstOn: '2011-03-01',
    lastOn: '2011-03-31',
    currency: 'CNY',
    opening: '1023456.78',
    movements: '1250500.00',
    closing: '2273956.78',
    frozenAt: '2011-04-01T01:12:13Z',
    contentHash: 'c0ffee'.padEnd(64, '0'),
    hashVersion: 'partledger-statement-1',
    lines: Array.from({ length: ROWS }, (_, i) => ({
      position: i + 1,
      document: `CH201103-${1000 + Math.floor(i / 4)}`,
      line: (i % 4) + 1,
      businessOn: `2011-03-${String((i % 31) + 1).padStart(2, '0')}`,
      textZh: textOf(i),
      textEn: null,
      partNumber: `4LZ6-${String(i * 37).padStart(5, '0')}`,
      quantity: `${(i % 90) + 1}.000`,
      unit: latin ? 'pc' : '件',
      net: `${1000 + i}.60`,
      tax: `${130 + (i % 50)}.08`,
      gross: `${1130 + i + (i % 50)}.68`,
    })),
  };
}
