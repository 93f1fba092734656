/** A decimal text with thousands separators: -1234567.80 becomes -1,234,567.80. No digit changes. */
export function groupDigits(decimal: string): string {
  return decimal.replace(
    /^(-?)(\d+)/,
    (_, sign: string, whole: string) => sign + whole.replace(/\B(?=(\d{3})+$)/g, ','),
  );
}
