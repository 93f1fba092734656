import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import type { ImportColumn, SourceRow } from '../../src/exchange/index.ts';
import { openImportSource } from '../../src/exchange/read-table.ts';

const COLUMNS: ImportColumn[] = [
  { key: 'partNumber', headers: ['Part No.', '配件号', '件号'], required: true },
  { key: 'nameZh', headers: ['Name (zh)', '中文名称'], required: true },
  { key: 'quantity', headers: ['Qty', '数量'], required: false },
];
const CHINESE = '配件号,中文名称,数量\r\n150-040,柴油滤清器总成,2\r\n150-041,活塞环,10\r\n';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partledger-read-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(content: string | Buffer, columns = COLUMNS) {
  files += 1;
  const path = join(folder, String(files));
  await writeFile(path, content);
  return await openImportSource(path, columns, { fileName: 'list.csv' });
}

async function read(content: string | Buffer, columns = COLUMNS) {
  const source = await open(content, columns);
  const rows: SourceRow[] = [];
  for await (const batch of source.batches()) rows.push(...batch);
  return { source, rows, cells: rows.map(row => row.cells), malformed: source.malformed, notices: source.notices };
}

async function refused(content: string | Buffer): Promise<Problem> {
  const outcome = await read(content).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Problem);
  return outcome as Problem;
}

/** GB 2312 bytes of the header and two rows of CHINESE, written by hand: Node only decodes it. */
const GB18030 = Buffer.concat([
  Buffer.from('c5e4bcfebac52cd6d0cec4c3fbb3c62ccafdc1bf0d0a', 'hex'),
  Buffer.from('3135302d3034302cb2f1d3cdc2cbc7e5c6f7d7dcb3c92c320d0a', 'hex'),
  Buffer.from('3135302d3034312cbbeec8fbbbb72c31300d0a', 'hex'),
]);

describe('encodings', () => {
  const expected = [
    ['150-040', '柴油滤清器总成', '2'],
    ['150-041', '活塞环', '10'],
  ];
  const utf16be = Buffer.from(`\ufeff${CHINESE}`, 'utf16le').swap16();
  it.each([
    ['UTF-8', Buffer.from(CHINESE)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${CHINESE}`)],
    ['UTF-16 little endian', Buffer.from(`\ufeff${CHINESE}`, 'utf16le')],
    ['UTF-16 big endian', utf16be],
    ['GB18030', GB18030],
  ])('reads %s, packed or not', async (_, bytes) => {
    expect((await read(bytes)).cells).toEqual(expected);
    expect((await read(gzipSync(bytes))).cells).toEqual(expected);
  });

  it('reads characters that straddle the chunks of a large file', async () => {
    const lines = Array.from({ length: 60_000 }, (_, at) => `P${at},滤${'清'.repeat(at % 7)}器🚜,1`);
    const { rows } = await read(gzipSync(`件号,中文名称,数量\n${lines.join('\n')}`));
    expect(rows).toHaveLength(60_000);
    expect(rows.every((row, at) => row.record.join() === lines[at] && row.line === at + 2)).toBe(true);
  });

  it('refuses a torn UTF-8 file instead of guessing another encoding', async () => {
    const bytes = Buffer.from(CHINESE);
    bytes[bytes.indexOf('活')] = 0xff;
    expect(await refused(bytes)).toMatchObject({ code: 'FILE_ENCODING' });
    expect(await refused(Buffer.concat([Buffer.from('\ufeff'), GB18030]))).toMatchObject({ code: 'FILE_ENCODING' });
  });

  it('refuses Latin-1, which decodes as Chinese only by chance', async () => {
    const latin = Buffer.from('Part No.,Name (zh)\n1,Rückblik für Bären\n2,Öxle für Träger\n', 'latin1');
    expect(await refused(latin)).toMatchObject({ code: 'FILE_ENCODING' });
  });

  it('refuses a UTF-8 file that ends inside a character as cut off', async () => {
    const whole = Buffer.from('配件号,中文名称\n1,活塞环');
    expect(await refused(whole.subarray(0, -1))).toMatchObject({ code: 'FILE_TRUNCATED' });
  });

  it('refuses NUL, and UTF-16 that does not say so', async () => {
    expect(await refused('件号,中文名称\n1,a\0b\n')).toMatchObject({
      code: 'FILE_ENCODING',
      facts: { reason: 'it contains NUL' },
    });
    expect(await refused(Buffer.from('Part No.,Name (zh)\n1,x\n', 'utf16le'))).toMatchObject({ code: 'FILE_ENCODING' });
    expect(await refused(Buffer.from('\ufeff件号,中文名称\n1,\ud800\n', 'utf16le'))).toMatchObject({
      code: 'FILE_ENCODING',
    });
  });
});

describe('the header', () => {
  it('is found by any of its names, whatever case, blanks, punctuation and width', async () => {
    const { cells, source } = await read('  ＰＡＲＴ－ｎｏ ,NAME_ZH\n1,x\n');
    expect(cells).toEqual([['1', 'x', '']]);
    expect([...source.columns]).toEqual(['partNumber', 'nameZh']);
    expect((await read('partNumber,名称,name zh\n1,y,x\n')).cells).toEqual([['1', 'x', '']]);
  });

  it('is found below titles and empty lines, in any order, and lines keep their numbers', async () => {
    const { cells, rows } = await read('价目表 2026,,\n\n,,\n数量,中文名称,件号\n5,x,1\n\n6,y,2\n');
    expect(cells).toEqual([
      ['1', 'x', '5'],
      ['2', 'y', '6'],
    ]);
    expect(rows.map(row => row.line)).toEqual([5, 7]);
  });

  it('refuses a file without the required columns and names them', async () => {
    expect(await refused('件号,数量\n1,2\n')).toMatchObject({
      code: 'COLUMNS_MISSING',
      facts: { missing: ['nameZh'] },
    });
    expect(await refused('a,b\n1,2\n')).toMatchObject({ facts: { missing: ['partNumber', 'nameZh'] } });
    const late = `${'title\n'.repeat(20)}件号,中文名称\n1,x\n`;
    expect(await refused(late)).toMatchObject({ code: 'COLUMNS_MISSING' });
    expect((await read(late.slice('title\n'.length))).cells).toEqual([['1', 'x', '']]);
  });

  it('refuses two headers for one column, and reports headers it does not know', async () => {
    expect(await refused('件号,中文名称,Part No\n1,x,2\n')).toMatchObject({
      code: 'COLUMNS_AMBIGUOUS',
      facts: { column: 'partNumber', headers: ['件号', 'Part No'], line: 1 },
    });
    expect((await read('件号,中文名称,颜色\n1,x,red\n')).notices).toEqual([
      { line: 1, code: 'COLUMNS_IGNORED', columns: ['颜色'] },
    ]);
  });
});

describe('CSV', () => {
  it.each([',', ';', '\t'])('takes %j between cells', async delimiter => {
    const text = [
      ['件号', '中文名称', '数量'],
      ['1', '"a,b;c\td ""e"""', ''],
    ];
    expect((await read(text.map(row => row.join(delimiter)).join('\n'))).cells).toEqual([['1', 'a,b;c\td "e"', '']]);
  });

  it('keeps line breaks inside quotes and counts the lines of the file past them', async () => {
    const text = '件号,中文名称\r\n1,"a\r\nb\r\nc"\r\n\r\n2,"d\ne"\r\n3,f\n4,g\r5,"\rh"\n\n\n6,i';
    const { rows } = await read(text);
    expect(rows.map(row => [row.line, ...row.cells.slice(0, 2)])).toEqual([
      [2, '1', 'a\r\nb\r\nc'],
      [6, '2', 'd\ne'],
      [8, '3', 'f'],
      [9, '4', 'g'],
      [10, '5', '\rh'],
      [14, '6', 'i'],
    ]);
  });

  it('lists rows with too few or too many cells instead of guessing which is which', async () => {
    const { cells, malformed } = await read('件号,中文名称,数量\n1,x\n2,y,3\n3,a,b,4\n4,z,5,,\n,,,\n5\n');
    expect(cells).toEqual([
      ['2', 'y', '3'],
      ['4', 'z', '5'],
    ]);
    expect(malformed).toEqual([
      { line: 2, code: 'ROW_CELLS', expected: 3, found: 2 },
      { line: 4, code: 'ROW_CELLS', expected: 3, found: 4 },
      { line: 7, code: 'ROW_CELLS', expected: 3, found: 1 },
    ]);
  });

  it('lists them once, however often it is read', async () => {
    const source = await open('件号,中文名称\n1\n');
    for (let time = 0; time < 2; time += 1) for await (const batch of source.batches()) expect(batch).toEqual([]);
    expect(source.malformed).toHaveLength(1);
  });

  it.each([
    ['an open quote', '件号,中文名称\n1,x\n2,"y\n3,z\n', 3],
    ['a quote in the middle of a cell', '件号,中文名称\n1,x\n2,3" pipe\n', 3],
    ['text after a closing quote', '件号,中文名称\n\n1,"x"y\n', 3],
    ['an open quote in the header', '"件号,中文名称\n1,x\n', 1],
  ])('refuses %s and names the line', async (_, text, line) => {
    expect(await refused(text)).toMatchObject({ code: 'FILE_MALFORMED', facts: { line } });
  });

  it('refuses an open quote far down a large file', async () => {
    const text = `件号,中文名称\n${'1,x\n'.repeat(200_000)}2,"y\n${'3,z\n'.repeat(400_000)}`;
    expect(await refused(text)).toMatchObject({ code: 'FILE_MALFORMED', facts: { line: 200_002 } });
  });

  it('refuses a line that would become millions of cells', async () => {
    expect(await refused(`件号,中文名称\n${','.repeat(5_000_000)}\n`)).toMatchObject({ code: 'FILE_MALFORMED' });
  });
});

describe('files', () => {
  it('refuses what holds no record', async () => {
    for (const text of ['', '\n\n', '   ', '\ufeff', '件号,中文名称', '件号,中文名称\n\n,\n'])
      expect(await refused(text)).toMatchObject({ code: 'FILE_EMPTY' });
    expect(await refused(gzipSync(''))).toMatchObject({ code: 'FILE_EMPTY' });
  });

  it('refuses a .gz that is cut off anywhere, or damaged', async () => {
    const noise = Array.from({ length: 5_000 }, (_, at) => `${at},${Math.sin(at)}`).join('\n');
    const packed = gzipSync(`件号,中文名称\n${noise}\n`);
    for (const length of [12, packed.length >> 1, packed.length - 1])
      expect(await refused(packed.subarray(0, length))).toMatchObject({ code: 'FILE_TRUNCATED' });
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 1_000, 1_100);
    expect(await refused(damaged)).toMatchObject({ code: 'FILE_TRUNCATED' });
  });

  it('refuses a small file that unpacks to gigabytes', async () => {
    const packed = gzipSync(`件号,中文名称\n${'1,x\n'.repeat(4_000_000)}`);
    const members = Buffer.concat(Array.from({ length: 40 }, () => packed));
    expect(members.length).toBeLessThan(8_000_000);
    expect(await refused(members)).toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  it('refuses formats it cannot read, and what is no file', async () => {
    expect(await refused(Buffer.from('d0cf11e0a1b11ae100', 'hex'))).toMatchObject({ code: 'FILE_FORMAT_UNSUPPORTED' });
    expect(await refused('%PDF-1.7')).toMatchObject({ code: 'FILE_FORMAT_UNSUPPORTED' });
    expect(await refused('PK\u0003\u0004 no workbook')).toMatchObject({ code: 'WORKBOOK_UNREADABLE' });
    for (const path of [join(folder, 'none'), folder])
      await expect(openImportSource(path, COLUMNS, { fileName: 'x' })).rejects.toMatchObject({
        code: 'FILE_UNREADABLE',
      });
  });

  it('reads the first sheet of a workbook that fits, and says which it left out', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('封面').addRows([['价目表']]);
    book
      .addWorksheet('配件')
      .addRows([['2026'], [], ['件号', '中文名称', '数量'], ['1', '滤清器', 2.5], ['2', '活塞环'], ['', '', 7]]);
    const { rows, notices } = await read(Buffer.from(await book.xlsx.writeBuffer()));
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [4, '1', '滤清器', '2.5'],
      [5, '2', '活塞环', ''],
      [6, '', '', '7'],
    ]);
    expect(notices).toEqual([{ line: 1, code: 'SHEETS_IGNORED', sheets: ['封面'] }]);
  });
});
