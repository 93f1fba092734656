import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { layOutEnd } from './draw-end.ts';
import { type Frame, layOutHead, layOutShortHead } from './draw-head.ts';
import { columnLabelsHeight, drawColumnLabels, drawRow, layOutRow } from './draw-table.ts';
import { type FontPair, notoSansSc } from './fonts.ts';
import { type LaidOutRow, paginate } from './paginate.ts';
import { createPen } from './pen.ts';
import type { PageStyle, TableDocument } from './table-document.ts';

/** Rows laid out before other work of the process gets its turn. */
const ROWS_PER_TURN = 500;

/**
 * Renders a table document as PDF. The same document gives the same bytes. Every character can be copied out again,
 * also where the font shows an empty box for it; right-to-left text stands in logical order.
 */
export async function renderTableDocument(
  document: TableDocument,
  style: PageStyle,
  fonts: FontPair = notoSansSc(),
): Promise<Buffer> {
  const doc = createDocument(document, style);
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(doc, 'end');
  const frame: Frame = {
    pen: createPen(doc, fonts),
    style,
    left: style.margins.left,
    width: doc.page.width - style.margins.left - style.margins.right,
  };
  await drawPages(doc, frame, document);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

async function drawPages(doc: PDFKit.PDFDocument, frame: Frame, document: TableDocument): Promise<void> {
  const { margins, lineHeight, cellPadding } = frame.style;
  const head = layOutHead(frame, document);
  const shortHead = layOutShortHead(frame, document);
  const end = layOutEnd(frame, document);
  const rows = await layOutRows(frame, document);
  const room = doc.page.height - margins.top - margins.bottom - columnLabelsHeight(frame);
  const pages = paginate(rows, {
    first: room - head.height,
    next: room - shortHead.height,
    end: end.height,
    lineHeight,
    padding: 2 * cellPadding.y,
  });
  for (const [index, page] of pages.entries()) {
    if (index > 0) doc.addPage();
    const pageHead = index === 0 ? head : shortHead;
    pageHead.draw(margins.top);
    let y = margins.top + pageHead.height;
    if (page.length > 0) y = drawColumnLabels(frame, document.columns, y);
    for (const row of page) y = drawRow(frame, document.columns, row, y);
    if (index === pages.length - 1) end.draw(y);
    drawFooter(doc, frame, document, index + 1, pages.length);
    await nextTurn();
  }
}

async function layOutRows(frame: Frame, document: TableDocument): Promise<LaidOutRow[]> {
  if (document.rows.length === 0) {
    const widest = document.columns.reduce((a, b, i) => (b.width > (document.columns[a]?.width ?? 0) ? i : a), 0);
    return [
      layOutRow(
        frame,
        document.columns,
        document.columns.map((_, i) => ({ text: i === widest ? document.emptyText : '' })),
      ),
    ];
  }
  const rows: LaidOutRow[] = [];
  for (const cells of document.rows) {
    rows.push(layOutRow(frame, document.columns, cells));
    if (rows.length % ROWS_PER_TURN === 0) await nextTurn();
  }
  return rows;
}

function drawFooter(doc: PDFKit.PDFDocument, frame: Frame, { footer }: TableDocument, page: number, pages: number) {
  const { pen, style, left, width } = frame;
  const muted = { size: style.fontSizes.note, color: style.colors.muted };
  const y = doc.page.height - style.margins.bottom * 0.55;
  pen.rule(left, y - style.fontSizes.note - 4, width, style.colors.rule);
  pen.write(footer.left, left, y, muted);
  pen.writeLeftOf(footer.pageOf(page, pages), left + width, y, muted);
}

function createDocument({ info }: TableDocument, style: PageStyle): PDFKit.PDFDocument {
  return new PDFDocument({
    size: style.size,
    layout: style.orientation,
    margins: style.margins,
    pdfVersion: '1.7',
    lang: info.language,
    displayTitle: true,
    info: {
      Title: info.title,
      Author: info.author,
      Keywords: info.keywords,
      Creator: 'Partledger',
      Producer: 'PDFKit',
      CreationDate: info.createdAt,
      ModDate: info.createdAt,
    },
  });
}
