/** Sixteen or more digits in a row (with or without a point): more than a float keeps. */
const longNumber = /\d[\d.]{15,}/;

type ReviverContext = { source?: string };
type ExactParse = (text: string, revive: (key: string, value: unknown, context: ReviverContext) => unknown) => unknown;

function keepLongNumbers(_key: string, value: unknown, { source }: ReviverContext): unknown {
  return typeof value === 'number' && source !== undefined && source.length > 15 ? source : value;
}

/**
 * Parses JSON so that no digit of a number is lost: numbers too long for a float become strings, all others stay
 * numbers. Throws SyntaxError.
 */
export function parseExactJson(text: string): unknown {
  return longNumber.test(text) ? (JSON.parse as ExactParse)(text, keepLongNumbers) : JSON.parse(text);
}
