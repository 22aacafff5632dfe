import { exception } from '../erp-error.ts';

export type Token =
  | { kind: 'text'; text: string }
  | { kind: 'moment'; text: string; form: string }
  | { kind: 'number'; text: string }
  | { kind: 'name'; text: string }
  | { kind: 'mark'; text: string };

const pattern =
  /\s+|'((?:[^']|'')*)'|(datetimeoffset|datetime|date|guid)'([^']*)'|(-?\d+(?:\.\d+)?)[MmDdFfLl]?(?![\w.])|([A-Za-z_][\w.]*(?:\/[A-Za-z_]\w*)*)|([(),=])/y;

/** A filter that cannot be understood is a 500 with the words of the OData reader. */
export function badFilter(message: string): Error {
  return exception(message, 'Microsoft.Data.OData.ODataException');
}

/** Splits an OData version 3 filter into tokens. Throws ErpError. */
export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < filter.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(filter);
    if (!match) throw badFilter(`Syntax error at position ${at} in '${filter}'.`);
    const [, text, form, literal, number, name, mark] = match;
    if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (form !== undefined) tokens.push({ kind: 'moment', text: literal ?? '', form });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}
