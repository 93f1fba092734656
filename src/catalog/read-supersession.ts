/** Price lists say in the description that another part takes a part's place: `USE 150-040`, `NLA  USE x`. Pure. */

// NLA, NCA: no longer, not currently available
const ENGLISH = /^(?:(?:NLA|NCA)[\s.,-]*)?(?:NOW\s+|PLEASE\s+)?USE(?:\s+(?<number>\S+)|(?<joined>\d\S*))$/i;
const CHINESE = /^(?:停产[\s,，、;；]*)?(?:改用|请用|替换为|替代为|替代件)[\s:：]*(?<number>[^\s,，、;；。]+)$/;
const BEGINS =
  /^(?:(?:NLA|NCA)[\s.,-]*)?(?:NOW\s+|PLEASE\s+)?USE(?![A-Z])|^(?:停产[\s,，、;；]*)?(?:改用|请用|替换为|替代为)/i;
const DIGIT = /\d/;
const NUMBER_LENGTH_MAX = 64;

/** The successor a description names if it is nothing but that: one word, with a digit in it. Else null. */
export function readSupersession(description: string): string | null {
  const text = description.trim();
  const groups = (ENGLISH.exec(text) ?? CHINESE.exec(text))?.groups;
  const number = groups?.['number'] ?? groups?.['joined'] ?? '';
  return DIGIT.test(number) && number.length <= NUMBER_LENGTH_MAX ? number : null;
}

/** It begins like a supersession and none can be read: a choice, a quantity, a condition. A person has to read it. */
export function mentionsSuccessor(description: string): boolean {
  return BEGINS.test(description.trim()) && readSupersession(description) === null;
}
