const HARD_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** Han and kana break anywhere, but closing punctuation stays with what it closes; other scripts break at spaces. */
const PIECES =
  /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}][\p{Pe}\p{Pf}，。、；：！？…]*|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/** Breaks text into lines no wider than `width`, by `measure` in the same unit. A line is never empty unless the text has an empty line. */
export function wrapText(text: string, width: number, measure: (text: string) => number): string[] {
  return text
    .split(HARD_BREAK)
    .map(line => line.replaceAll('\t', ' '))
    .flatMap(line => (measure(line) <= width ? [line] : fill(line, width, measure)));
}

function fill(paragraph: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const put = (piece: string) => {
    const pieceWidth = measure(piece);
    if (used > 0 && used + pieceWidth > width) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
      // A space at the break is the break.
      if (piece.trim() === '') return;
    }
    line += piece;
    used += pieceWidth;
  };
  for (const [piece] of paragraph.matchAll(PIECES)) {
    if (measure(piece) <= width) put(piece);
    else for (const character of piece) put(character);
  }
  if (line !== '') lines.push(line);
  return lines;
}
