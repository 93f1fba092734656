/** The unified social credit code 统一社会信用代码 of a Chinese firm, as invoices print it. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LENGTH = 18;

/** Is it well-formed, and is its last character the check character over the others (GB 32100-2015, §5 and annex)? */
export function creditCodeIsValid(code: string): boolean {
  if (code.length !== LENGTH) return false;
  const values = [...code].map(character => ALPHABET.indexOf(character));
  if (values.includes(-1)) return false;
  let sum = 0;
  let weight = 1;
  for (const value of values.slice(0, -1)) {
    sum += value * weight;
    weight = (weight * 3) % ALPHABET.length;
  }
  return values.at(-1) === (ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length;
}
