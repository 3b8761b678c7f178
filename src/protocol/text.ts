/** Text that UTF-8 can carry. */

/** The same text, with U+FFFD for each surrogate that has no partner: such text has no UTF-8 form. */
export function wellFormed(text: string): string {
  return isWellFormed(text) ? text : text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** False when the text holds a surrogate without its partner, as cutting between two UTF-16 units leaves behind. */
export function isWellFormed(text: string): boolean {
  return !loneSurrogate.test(text);
}

const loneSurrogate = /\p{Surrogate}/u;
