import type { Pen, TextStyle } from './pen.ts';
import { shrunk } from './pen.ts';
import type { Fact, PageStyle, TableDocument } from './table-document.ts';
import { wrapText } from './wrap-text.ts';

/** Something of known height that can be drawn at any top. */
export type Block = { readonly height: number; draw(top: number): void };
export type Frame = { readonly pen: Pen; readonly style: PageStyle; readonly left: number; readonly width: number };

const FACT_COLUMNS = 2;
const FACT_LABEL_WIDTH = 62;
const FACT_GAP = 4;
const GAP = 18;

/** Head of the first page: letterhead, facts and the box of figures. */
export function layOutHead(frame: Frame, document: TableDocument): Block {
  const letterhead = layOutLetterhead(frame, document);
  const factsWidth = frame.width - frame.style.figuresWidth - GAP;
  const facts = layOutFacts({ ...frame, width: factsWidth }, document.facts);
  const boxLeft = frame.left + factsWidth + GAP;
  const figures = layOutFigures({ ...frame, left: boxLeft, width: frame.style.figuresWidth }, document.figures);
  return {
    height: letterhead.height + Math.max(facts.height, figures.height) + GAP * 0.7,
    draw: top => {
      letterhead.draw(top);
      facts.draw(top + letterhead.height);
      figures.draw(top + letterhead.height);
    },
  };
}

/** Head of every other page: whose document this is, and which. */
export function layOutShortHead(frame: Frame, { letterhead }: TableDocument): Block {
  const { pen, style, left, width } = frame;
  const muted = { size: style.fontSizes.other, color: style.colors.muted };
  return {
    height: style.fontSizes.other + 10,
    draw: top => {
      const baseline = top + style.fontSizes.other;
      pen.write(letterhead.name, left, baseline, shrunk(pen, letterhead.name, width * 0.6, { ...muted, bold: true }));
      const reference = `${letterhead.title}  ${letterhead.reference}`;
      pen.writeLeftOf(reference, left + width, baseline, shrunk(pen, reference, width * 0.38, muted));
    },
  };
}

function layOutLetterhead({ pen, style, left, width }: Frame, { letterhead }: TableDocument): Block {
  const { fontSizes, colors } = style;
  const other: TextStyle = { size: fontSizes.other, color: colors.muted };
  const nameWidth = width * 0.68;
  return {
    height: fontSizes.title + fontSizes.other + 26,
    draw: top => {
      const first = top + fontSizes.title * 0.85;
      const second = first + fontSizes.other + 6;
      const name: TextStyle = { size: fontSizes.name, bold: true, color: colors.ink };
      pen.write(letterhead.name, left, first, shrunk(pen, letterhead.name, nameWidth, name));
      const otherName = letterhead.otherName ?? '';
      pen.write(otherName, left, second, shrunk(pen, otherName, nameWidth, other));
      const title: TextStyle = { size: fontSizes.title, bold: true, color: colors.accent };
      pen.writeLeftOf(letterhead.title, left + width, first, title);
      pen.writeLeftOf(letterhead.otherTitle, left + width, second, other);
      pen.rule(left, second + 7, width, colors.accent, 1.5);
    },
  };
}

function layOutFacts({ pen, style, left, width }: Frame, facts: readonly Fact[]): Block {
  const { fontSizes, colors } = style;
  const valueStyle: TextStyle = { size: fontSizes.fact, color: colors.ink };
  const otherStyle: TextStyle = { size: fontSizes.below, color: colors.muted };
  const columnWidth = width / FACT_COLUMNS;
  const valueWidth = columnWidth - FACT_LABEL_WIDTH - 10;
  const lineHeight = fontSizes.fact * 1.4;
  const laid = facts.map(({ label, value, otherValue }) => ({
    label,
    lines: [
      ...wrapText(value, valueWidth, text => pen.widthOf(text, valueStyle)).map(text => ({ text, style: valueStyle })),
      ...wrapText(otherValue ?? '', valueWidth, text => pen.widthOf(text, otherStyle))
        .filter(text => text !== '')
        .map(text => ({ text, style: otherStyle })),
    ],
  }));
  const perColumn = Math.ceil(laid.length / FACT_COLUMNS);
  const columns = Array.from({ length: FACT_COLUMNS }, (_, i) => laid.slice(i * perColumn, (i + 1) * perColumn));
  const heightOfFact = (fact: (typeof laid)[number]) => fact.lines.length * lineHeight + FACT_GAP;
  return {
    height: Math.max(...columns.map(column => column.reduce((sum, fact) => sum + heightOfFact(fact), 0))),
    draw: top => {
      columns.forEach((column, i) => {
        const x = left + i * columnWidth;
        let y = top + fontSizes.fact;
        for (const fact of column) {
          pen.write(fact.label, x, y, { size: fontSizes.note, color: colors.muted });
          for (const [n, line] of fact.lines.entries()) {
            pen.write(line.text, x + FACT_LABEL_WIDTH, y + n * lineHeight, line.style);
          }
          y += heightOfFact(fact);
        }
      });
    },
  };
}

function layOutFigures({ pen, style, left, width }: Frame, figures: TableDocument['figures']): Block {
  const { fontSizes, colors } = style;
  const rowHeight = fontSizes.closing * 1.7;
  const inset = 10;
  return {
    height: figures.length * rowHeight,
    draw: top => {
      figures.forEach(({ label, value }, i) => {
        const y = top + i * rowHeight;
        const last = i === figures.length - 1;
        if (last) pen.shade(left, y, width, rowHeight, colors.shade);
        pen.rule(left, y, width, last ? colors.accent : colors.rule, last ? 1 : 0.5);
        const baseline = y + rowHeight * 0.66;
        pen.write(label, left + inset, baseline, { size: fontSizes.fact, color: last ? colors.ink : colors.muted });
        const room = width - 3 * inset - pen.widthOf(label, { size: fontSizes.fact });
        const size = last ? fontSizes.closing : fontSizes.figure;
        const figure = shrunk(pen, value, room, { size, bold: last, color: last ? colors.accent : colors.ink });
        pen.writeLeftOf(value, left + width - inset, baseline, figure);
      });
      pen.rule(left, top + figures.length * rowHeight, width, colors.rule);
    },
  };
}
