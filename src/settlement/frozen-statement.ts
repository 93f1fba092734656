/** A statement of account as it was frozen when its period closed (R9.3). Decimals are texts; balances include tax. */
export type FrozenStatement = {
  readonly number: string;
  readonly dealer: { readonly code: string; readonly nameZh: string | null; readonly nameEn: string | null };
  readonly firm: { readonly nameZh: string | null; readonly nameEn: string | null };
  /** Business time zone of the firm, in which instants are printed. */
  readonly timeZone: string;
  /** Name of the fiscal period, with its first and last business date. */
  readonly period: string;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly currency: string;
  /** Scale 2; opening + movements = closing. */
  readonly opening: string;
  readonly movements: string;
  readonly closing: string;
  /** ISO 8601 instant. */
  readonly frozenAt: string;
  /** SHA-256, hexadecimal, over the canonical form named by `hashVersion`. */
  readonly contentHash: string;
  readonly hashVersion: string;
  readonly lines: readonly FrozenLine[];
};

export type FrozenLine = {
  readonly position: number;
  readonly document: string;
  readonly line: number;
  readonly businessOn: string;
  readonly textZh: string | null;
  readonly textEn: string | null;
  readonly partNumber: string | null;
  /** Scale 3. */
  readonly quantity: string;
  readonly unit: string | null;
  /** Scale 2; net + tax = gross. */
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
};
