/**
 * Text of an ERP as it can be stored and shown: no NUL and no half of a surrogate pair (PostgreSQL refuses both, and one
 * such bill would stop its feed), and nothing that overrides the reading direction of what stands beside it (a vendor's
 * name could turn an amount around). Text written from right to left stays as it is.
 */
export function cleanText(text: string): string {
  return text.replace(overriding, '').toWellFormed();
}

const overriding = /[\0\u202A-\u202E\u2066-\u2069]/g;

/** How far is looked beyond a cut, so that the character there is seen whole. */
const longestGrapheme = 64;

/** Cuts by characters as people count them, so that no emoji or accent is torn. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(
    text.slice(0, most + longestGrapheme),
  );
  let kept = '';
  for (const { segment } of graphemes) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
