import { FunctionFailed } from '../errors.ts';
import { children, textOf, type XmlElement } from '../xml/read.ts';
import type { Condition, Operator } from './condition.ts';

const operators: Record<string, Operator> = {
  equalto: '=',
  notequalto: '!=',
  lessthan: '<',
  lessthanorequalto: '<=',
  greaterthan: '>',
  greaterthanorequalto: '>=',
  in: 'in',
  notin: 'not in',
  like: 'like',
  notlike: 'not like',
  isnull: 'null',
  isnotnull: 'not null',
};
const valueCount: Partial<Record<Operator, [least: number, most: number]>> = {
  null: [0, 0],
  'not null': [0, 0],
  in: [1, Number.POSITIVE_INFINITY],
  'not in': [1, Number.POSITIVE_INFINITY],
};

function wrong(words: string): FunctionFailed {
  return new FunctionFailed([{ errorno: 'XL03000003', description2: words }]);
}

/** Reads `<filter>`, which has one operator at its top. Throws FunctionFailed. */
export function readFilter(filter: XmlElement): Condition {
  const [only] = filter.children;
  if (!only || filter.children.length > 1) throw wrong('The filter element takes exactly one top-level operator.');
  return conditionOf(only);
}

function conditionOf(element: XmlElement): Condition {
  const { name } = element;
  if (name === 'and' || name === 'or') {
    if (element.children.length < 2) throw wrong(`The ${name} operator takes at least two expressions.`);
    return { kind: name, parts: element.children.map(conditionOf) };
  }
  const field = textOf(element, 'field');
  const values = children(element, 'value').map(({ text }) => text.trim());
  if (!field) throw wrong(`The ${name} operator needs a field.`);
  if (name === 'between') {
    const [low, high] = values;
    if (low === undefined || high === undefined || values.length > 2) throw wrong('between takes two values.');
    return {
      kind: 'and',
      parts: [
        { kind: 'compare', field, operator: '>=', values: [low] },
        { kind: 'compare', field, operator: '<=', values: [high] },
      ],
    };
  }
  const operator = operators[name];
  if (!operator) throw wrong(`Unknown operator ${name}.`);
  const [least, most] = valueCount[operator] ?? [1, 1];
  if (values.length < least || values.length > most) throw wrong(`Wrong number of values for ${name}.`);
  return { kind: 'compare', field, operator, values };
}
