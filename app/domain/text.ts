/**
 * Text of an ERP as it can be stored and shown: no NUL and no half of a surrogate pair (PostgreSQL refuses both, and one
 * such bill would stop its feed), and nothing that overrides the reading direction of what stands beside it (a vendor's
 * name could turn an amount around). Text written from right to left stays as it is.
 */
export function cleanText(text: string): string {
  return text.replace(overriding, '').toWellFormed();
}

const overriding = /[\0\u202A-\u202E\u2066-\u2069]/g;
