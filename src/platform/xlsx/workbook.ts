/** A workbook as data: what a sheet holds and how it looks, independent of the library that writes it. */
export type Workbook = {
  readonly title: string;
  readonly company: string;
  readonly keywords: string;
  /** Stands for every date in the file, so that the same workbook is always the same bytes. */
  readonly createdAt: Date;
  readonly fontName: string;
  readonly looks: Readonly<Record<string, CellLook>>;
  readonly sheets: readonly Sheet[];
};

export type Sheet = {
  readonly name: string;
  /** Widths in characters; a column grows where a figure needs more. */
  readonly columnWidths: readonly number[];
  /** Empty cells are null. */
  readonly rows: ReadonlyArray<ReadonlyArray<SheetCell | null>>;
  /** The row (from 1) of column labels: stays in sight with all above it, repeats on each printed page, can be filtered. */
  readonly headingRow: number;
  /** Last row of the table under the headings. */
  readonly lastTableRow: number;
  readonly orientation: 'portrait' | 'landscape';
  readonly footer: { readonly left: string; pageOf(page: string, pages: string): string };
};

/** Decimals are texts such as -1234.50, dates are YYYY-MM-DD. `look` names an entry of `looks`. */
export type SheetCell = {
  readonly kind: 'text' | 'decimal' | 'date';
  readonly value: string;
  readonly look: string;
};

export type CellLook = {
  readonly size: number;
  readonly bold?: boolean;
  /** Colours are #rrggbb. */
  readonly color: string;
  readonly fill?: string;
  readonly lineBelow?: string;
  readonly align?: 'left' | 'right';
  /** Characters between the cell's edge and its text. */
  readonly indent?: number;
  readonly wraps?: boolean;
  readonly numberFormat?: string;
};
