import type { FrozenLine, FrozenStatement } from '../../src/settlement/frozen-statement.ts';
import { statementContentHash } from '../../src/settlement/statement-csv.ts';

const NAMES: ReadonlyArray<readonly [string | null, string | null]> = [
  ['柴油滤清器总成', 'Diesel filter assembly'],
  [
    '收割台拨禾轮弹齿（左，加强型，适用于4LZ-6.0系列及改进型号）',
    'Reel tine, left, reinforced, fits 4LZ-6.0 and later',
  ],
  ['驾驶室门锁', '驾驶室门锁'],
  [null, 'Bearing 6205-2RS'],
  ['密封圈', null],
  [null, null],
];

/** Texts that break exports. Right-to-left text is tried apart: readers of PDF put it in another order. */
export const HOSTILE_TEXTS = [
  '=1+1',
  '+86 10 1234',
  '-x',
  '@SUM(A1:A9)',
  '\ttab first',
  '\rreturn first',
  'say "hello", he said',
  "'quoted",
  'one\ntwo\r\nthree',
  '农机🚜👨‍🌾配件',
  '𣲗水 賬單 Ж Ω é ㎡ ½',
  '⼀一',
  '_x000D_ <b>&amp;</b>',
  'x'.repeat(300),
  '液'.repeat(2_000),
  '$1 {hash} {page} %s \\(octal) ) (',
];

/** A statement of `count` lines with every kind of name, whole and broken quantities, credits. */
export function frozenStatement(count: number, changes: Partial<FrozenStatement> = {}): FrozenStatement {
  const statement: FrozenStatement = {
    number: 'S2011-03-17850',
    dealer: { code: '17850', nameZh: '建三江绿禾农机有限公司', nameEn: 'Lvhe Agricultural Machinery Co., Ltd.' },
    firm: { nameZh: '沃野农业装备股份有限公司', nameEn: 'Woye Agricultural Equipment Co., Ltd.' },
    timeZone: 'Asia/Shanghai',
    period: '2011-03',
    firstOn: '2011-03-01',
    lastOn: '2011-03-31',
    currency: 'CNY',
    opening: '1023456.78',
    movements: '-456.78',
    closing: '1023000.00',
    frozenAt: '2011-04-01T01:12:13.456Z',
    contentHash: '',
    hashVersion: 'partledger-statement-1',
    lines: Array.from({ length: count }, (_, i) => frozenLine(i)),
    ...changes,
  };
  return { ...statement, contentHash: statementContentHash(statement) };
}

function frozenLine(i: number): FrozenLine {
  const [textZh = null, textEn = null] = NAMES[i % NAMES.length] ?? [];
  const credit = i % 5 === 4;
  return {
    position: i + 1,
    document: `CH201103-${1000 + Math.floor(i / 4)}`,
    line: (i % 4) + 1,
    businessOn: `2011-03-${String((i % 31) + 1).padStart(2, '0')}`,
    textZh,
    textEn,
    partNumber: i % 7 === 6 ? null : `4LZ6-${String(i * 37).padStart(5, '0')}`,
    quantity: credit ? '-2.000' : i % 3 === 0 ? '1250.500' : '12.000',
    unit: i % 7 === 6 ? null : '件',
    net: credit ? '-0.10' : `${1000 + i}.60`,
    tax: credit ? '-0.01' : '130.08',
    gross: credit ? '-0.11' : `${1130 + i}.68`,
  };
}
