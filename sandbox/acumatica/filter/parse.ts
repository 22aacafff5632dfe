import { badFilter, type Token, tokensOf } from './tokens.ts';

export const operators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof operators)[number];
export type TextFunction = 'substringof' | 'startswith' | 'endswith';

export type Literal =
  | { type: 'string'; value: string }
  | { type: 'number'; value: string }
  | { type: 'moment'; value: string; form: string }
  | { type: 'boolean'; value: boolean }
  | { type: 'null' };

export type Expression =
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'compare'; field: string; custom: boolean; operator: Operator; literal: Literal }
  | { kind: 'match'; call: TextFunction; field: string; text: string }
  /** A text function compared with a boolean: understood, and finds nothing. */
  | { kind: 'nothing' };

type Operand = { field: string; custom: boolean } | { literal: Literal };

const flipped: Record<Operator, Operator> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' };

class FilterReader {
  readonly #tokens: Token[];
  readonly #filter: string;
  #next = 0;

  constructor(filter: string) {
    this.#filter = filter;
    this.#tokens = tokensOf(filter);
  }

  whole(): Expression {
    const expression = this.#either();
    if (this.#next < this.#tokens.length) throw this.#error();
    return expression;
  }

  #either(): Expression {
    let left = this.#both();
    while (this.#takeName('or')) left = { kind: 'or', left, right: this.#both() };
    return left;
  }

  #both(): Expression {
    let left = this.#one();
    while (this.#takeName('and')) left = { kind: 'and', left, right: this.#one() };
    return left;
  }

  #one(): Expression {
    const token = this.#tokens[this.#next];
    if (token?.kind === 'name' && token.text === 'not') throw badFilter("The operator 'Not' is not supported.");
    if (this.#takeMark('(')) {
      const inner = this.#either();
      this.#expectMark(')');
      return inner.kind === 'match' && this.#comparedWithBoolean() ? { kind: 'nothing' } : inner;
    }
    const following = this.#tokens[this.#next + 1];
    if (token?.kind === 'name' && token.text !== 'cf.String' && following?.kind === 'mark' && following.text === '(') {
      const call = this.#call(token.text);
      return this.#comparedWithBoolean() ? { kind: 'nothing' } : call;
    }
    return this.#comparison();
  }

  #comparedWithBoolean(): boolean {
    if (!this.#operator()) return false;
    const operand = this.#operand();
    if (!('literal' in operand) || operand.literal.type !== 'boolean') throw this.#error();
    return true;
  }

  #call(name: string): Expression {
    this.#next += 2;
    if (name !== 'substringof' && name !== 'startswith' && name !== 'endswith') {
      throw badFilter(`An unknown function with name '${name}' was found.`);
    }
    const first = this.#operand();
    this.#expectMark(',');
    const second = this.#operand();
    this.#expectMark(')');
    const [text, field] = name === 'substringof' ? [first, second] : [second, first];
    if (!('literal' in text) || text.literal.type !== 'string' || !('field' in field)) {
      throw badFilter(`No function signature for the function with name '${name}' matches the specified arguments.`);
    }
    return { kind: 'match', call: name, field: field.field, text: text.literal.value };
  }

  #comparison(): Expression {
    const left = this.#operand();
    const operator = this.#operator();
    if (!operator) throw this.#error();
    const right = this.#operand();
    if ('field' in left && 'literal' in right) return { kind: 'compare', ...left, operator, literal: right.literal };
    if ('literal' in left && 'field' in right) {
      return { kind: 'compare', ...right, operator: flipped[operator], literal: left.literal };
    }
    throw badFilter('A comparison needs one field and one value.');
  }

  #operand(): Operand {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    if (token?.kind === 'text') return { literal: { type: 'string', value: token.text } };
    if (token?.kind === 'number') return { literal: { type: 'number', value: token.text } };
    if (token?.kind === 'moment') return { literal: { type: 'moment', value: token.text, form: token.form } };
    if (token?.kind !== 'name') throw this.#error();
    if (token.text === 'true' || token.text === 'false') {
      return { literal: { type: 'boolean', value: token.text === 'true' } };
    }
    if (token.text === 'null') return { literal: { type: 'null' } };
    return token.text === 'cf.String' ? this.#customField() : { field: token.text, custom: false };
  }

  #customField(): Operand {
    this.#expectMark('(');
    if (!this.#takeName('f')) throw this.#error();
    this.#expectMark('=');
    const name = this.#tokens[this.#next];
    this.#next += 1;
    this.#expectMark(')');
    if (name?.kind !== 'text') throw this.#error();
    return { field: name.text, custom: true };
  }

  #operator(): Operator | null {
    const token = this.#tokens[this.#next];
    const operator = token?.kind === 'name' ? operators.find((name) => name === token.text) : undefined;
    if (!operator) return null;
    this.#next += 1;
    return operator;
  }

  #takeName(name: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'name' || token.text !== name) return false;
    this.#next += 1;
    return true;
  }

  #takeMark(mark: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'mark' || token.text !== mark) return false;
    this.#next += 1;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) throw this.#error();
  }

  #error(): Error {
    return badFilter(`Syntax error at token ${this.#next} in '${this.#filter}'.`);
  }
}

/** Reads the subset of OData version 3 filters that the real system takes. Throws ErpError. */
export function parseFilter(filter: string): Expression {
  return new FilterReader(filter).whole();
}
