import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { statementColumns } from '../../templates/statement/columns.ts';
import { statementPage } from '../../templates/statement/page.ts';

export type PdfItem = { readonly text: string; readonly x: number; readonly y: number };
export type ColumnTexts = Record<string, string>;

/** Pieces of text page by page, in the order a reader gets them. */
export async function readPdf(file: Buffer): Promise<{ pages: PdfItem[][]; info: Record<string, unknown> }> {
  const task = getDocument({ data: new Uint8Array(file), verbosity: 0 });
  const document = await task.promise;
  const pages: PdfItem[][] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(
      items.flatMap(item =>
        'str' in item && item.str.trim() !== '' ? [{ text: item.str, x: item.transform[4], y: item.transform[5] }] : [],
      ),
    );
  }
  const { info } = await document.getMetadata();
  await task.destroy();
  return { pages, info: info as Record<string, unknown> };
}

/**
 * Rows of the table as texts by column key, lines of a cell joined, white space left out: where a text wraps is a
 * matter of looks. A row begins with its position; what stands before the first one of a page continues the last row.
 */
export function tableRows(pages: PdfItem[][], labels: { heading: string; end: string }): ColumnTexts[] {
  const rows: ColumnTexts[] = [];
  for (const [index, page] of pages.entries()) {
    const heading = page.findIndex(item => item.text === labels.heading);
    const end = index === pages.length - 1 ? page.findLastIndex(item => item.text === labels.end) : -1;
    const footerY = statementPage.margins.bottom;
    const items = page
      .slice(heading + 1, end === -1 ? undefined : end)
      .filter(item => heading !== -1 && item.y > footerY);
    for (const item of items) {
      const key = columnAt(item.x);
      if (key === 'position') rows.push({});
      const row = rows.at(-1);
      if (row) row[key] = (row[key] ?? '') + visible(item.text);
    }
  }
  return rows;
}

/** White space is a matter of wrapping, and pdf.js drops joiners and other invisible marks. */
export function visible(text: string): string {
  return text.replace(/[\s\p{Cf}]/gu, '');
}

function columnAt(x: number): string {
  let left: number = statementPage.margins.left;
  for (const column of statementColumns) {
    if ('below' in column) continue;
    left += column.width;
    if (x < left) return column.key;
  }
  throw new Error(`nothing is printed at ${x}`);
}
