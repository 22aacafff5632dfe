import { vagueError } from '../errors.ts';
import type { Condition, Operator } from './condition.ts';

type Token = { kind: 'text' | 'word' | 'mark'; text: string };

const pattern = /\s+|'((?:\\.|[^'\\])*)'|([A-Za-z_][\w.]*)|(-?\d+(?:\.\d+)?)|(<=|>=|!=|<>|[=<>(),])/y;

function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < query.length) {
    const match = pattern.exec(query);
    if (!match) throw vagueError();
    const [, text, word, number, mark] = match;
    if (text !== undefined) tokens.push({ kind: 'text', text: text.replace(/\\(.)/g, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'text', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

class SqlReader {
  readonly #tokens: Token[];
  #next = 0;

  constructor(query: string) {
    this.#tokens = tokensOf(query);
  }

  whole(): Condition {
    const condition = this.#either();
    if (this.#next < this.#tokens.length) throw vagueError();
    return condition;
  }

  #either(): Condition {
    const parts = [this.#both()];
    while (this.#takes('word', 'or')) parts.push(this.#both());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'or', parts };
  }

  #both(): Condition {
    const parts = [this.#one()];
    while (this.#takes('word', 'and')) parts.push(this.#one());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'and', parts };
  }

  #one(): Condition {
    if (this.#takes('mark', '(')) {
      const inner = this.#either();
      this.#expect('mark', ')');
      return inner;
    }
    const field = this.#take('word');
    // Joins are not for readByQuery.
    if (field.includes('.')) throw vagueError();
    if (this.#takes('word', 'is')) {
      const operator = this.#takes('word', 'not') ? 'not null' : 'null';
      this.#expect('word', 'null');
      return { kind: 'compare', field, operator, values: [] };
    }
    const not = this.#takes('word', 'not');
    for (const word of ['like', 'in'] as const) {
      if (!this.#takes('word', word)) continue;
      const values = word === 'in' ? this.#list() : [this.#take('text')];
      return { kind: 'compare', field, operator: not ? `not ${word}` : word, values };
    }
    const mark = this.#take('mark');
    if (not || !['=', '<', '>', '<=', '>='].includes(mark)) throw vagueError();
    return { kind: 'compare', field, operator: mark as Operator, values: [this.#take('text')] };
  }

  #list(): string[] {
    this.#expect('mark', '(');
    const values = [this.#take('text')];
    while (this.#takes('mark', ',')) values.push(this.#take('text'));
    this.#expect('mark', ')');
    return values;
  }

  #take(kind: Token['kind']): string {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind) throw vagueError();
    this.#next += 1;
    return token.text;
  }

  #takes(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind || token.text.toLowerCase() !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(kind: Token['kind'], text: string): void {
    if (!this.#takes(kind, text)) throw vagueError();
  }
}

/** Reads the SQL-like query of readByQuery; empty text is no condition. Throws DL02000001, for ORDER BY and joins too. */
export function readSql(query: string): Condition | null {
  return query.trim() === '' ? null : new SqlReader(query).whole();
}
