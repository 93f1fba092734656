/** Price lists say in the description that another part takes a part's place: `USE 150-040`, `NLA  USE x`. Pure. */

/*
 * NLA: no longer available. All that follows USE is taken as the number, as the list has it: what is none
 * (`12G815 NEW UNIT`) finds no part, so it dangles, is reported, and keeps its words for a person to read.
 */
const ENGLISH = /^(?:NLA\s+)?USE\s*(?=.*\d)(?<number>[A-Z0-9][A-Z0-9./ -]{2,}[A-Z0-9./-])$/i;
const CHINESE =
  /^(?:停产[\s,，、;；]*)?(?:改用|请用|替换为|替代为|替代件)[\s:：]*(?<number>[^\s,，、;；。]*\d[^\s,，、;；。]*)$/;
const MENTIONS = /\bUSE\b|改用|请用|替换为|替代为/i;
const NUMBER_LENGTH_MAX = 64;

/** The successor a description names if it is nothing but that, with a digit in it. Else null. */
export function readSupersession(description: string): string | null {
  const text = description.trim();
  const number = (ENGLISH.exec(text) ?? CHINESE.exec(text))?.groups?.['number'] ?? null;
  return number === null || number.length > NUMBER_LENGTH_MAX ? null : number;
}

/** It speaks of another part and none can be read: too short a number, a sign in it, a condition. A person has to read it. */
export function mentionsSuccessor(description: string): boolean {
  return MENTIONS.test(description) && readSupersession(description) === null;
}
