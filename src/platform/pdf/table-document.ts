/** A printed document that is one table under a letterhead. Lengths are points (1/72 inch), colours `#rrggbb`. */
export type TableDocument = {
  readonly info: DocumentInfo;
  readonly letterhead: Letterhead;
  /** Label and value pairs under the letterhead: first the left column from the top, then the right one. */
  readonly facts: readonly Fact[];
  /** The few figures the reader looks for, boxed at the top and repeated under the table; the last one is emphasised. */
  readonly figures: ReadonlyArray<{ readonly label: string; readonly value: string }>;
  readonly columns: readonly TableColumn[];
  readonly rows: ReadonlyArray<readonly TableCell[]>;
  /** Stands in the table when it has no rows. */
  readonly emptyText: string;
  readonly notes: readonly string[];
  /** Captions of lines to sign or stamp. */
  readonly signatures: readonly string[];
  readonly footer: { readonly left: string; pageOf(page: number, pages: number): string };
};

export type DocumentInfo = {
  readonly title: string;
  readonly author: string;
  readonly keywords: string;
  /** Written as the creation date: the same document is always the same bytes. */
  readonly createdAt: Date;
  /** BCP 47. */
  readonly language: string;
};

export type Letterhead = {
  readonly name: string;
  readonly otherName: string | null;
  readonly title: string;
  readonly otherTitle: string;
  /** Identifies the document on the pages after the first. */
  readonly reference: string;
};

export type Fact = { readonly label: string; readonly value: string; readonly otherValue?: string | null };

export type TableColumn = {
  readonly label: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** true: long text goes on in the next line; false: it shrinks until it fits. */
  readonly wraps: boolean;
};

/** `below` is set smaller: after the text where it fits on the line, else under it. */
export type TableCell = { readonly text: string; readonly below?: string | null };

export type PageStyle = {
  readonly size: string;
  readonly orientation: 'portrait' | 'landscape';
  readonly margins: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly fontSizes: Readonly<
    Record<'title' | 'name' | 'other' | 'fact' | 'figure' | 'closing' | 'heading' | 'cell' | 'below' | 'note', number>
  >;
  readonly colors: Readonly<Record<'ink' | 'muted' | 'accent' | 'rule' | 'shade', string>>;
  readonly lineHeight: number;
  readonly cellPadding: { readonly x: number; readonly y: number };
  /** Width of the box of figures at the top right. */
  readonly figuresWidth: number;
};
