import { vagueError } from '../errors.ts';
import { readDate, readStamp } from '../formats.ts';
import { cents } from '../ledger/amounts.ts';
import type { Row } from '../ledger/row.ts';
import { type Field, heldBy, labelOf } from '../objects/object-type.ts';
import type { Column, Reader } from './reader.ts';

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'like'
  | 'not like'
  | 'in'
  | 'not in'
  | 'null'
  | 'not null';

export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'compare'; field: string; operator: Operator; values: string[] };

export interface Manner {
  /** What enumerations are compared with. */
  enums: 'labels' | 'codes';
  caseInsensitive: boolean;
  column: (field: string) => Column;
}

export type Test = (row: Row) => boolean;
type Comparable = string | number | bigint;

/** Turns a condition into a test of one row. Throws what `column` throws, and DL02000001 for values of no use. */
export function compile(condition: Condition, reader: Reader, manner: Manner): Test {
  if (condition.kind !== 'compare') {
    const tests = condition.parts.map((part) => compile(part, reader, manner));
    return condition.kind === 'and'
      ? (row) => tests.every((test) => test(row))
      : (row) => tests.some((test) => test(row));
  }
  const column = manner.column(condition.field);
  const read = readerOf(column, reader, manner);
  const { operator } = condition;
  if (operator === 'null') return (row) => read(row) === null;
  if (operator === 'not null') return (row) => read(row) !== null;
  if (operator === 'like' || operator === 'not like') {
    const pattern = likePattern(condition.values[0] ?? '', manner.caseInsensitive);
    return (row) => {
      const value = read(row);
      return value !== null && pattern.test(String(value)) === (operator === 'like');
    };
  }
  const operands = condition.values.map((text) => operandOf(text, column.field, reader, manner));
  if (operator === 'in' || operator === 'not in') {
    const wanted = new Set(operands);
    return (row) => {
      const value = read(row);
      return value !== null && wanted.has(value) === (operator === 'in');
    };
  }
  const [operand = ''] = operands;
  const holds = holding(operator);
  return (row) => {
    const value = read(row);
    return value !== null && holds(value === operand ? 0 : value < operand ? -1 : 1);
  };
}

function holding(operator: Operator): (order: -1 | 0 | 1) => boolean {
  if (operator === '=') return (order) => order === 0;
  if (operator === '!=') return (order) => order !== 0;
  if (operator === '<') return (order) => order < 0;
  if (operator === '<=') return (order) => order <= 0;
  if (operator === '>') return (order) => order > 0;
  return (order) => order >= 0;
}

function likePattern(text: string, caseInsensitive: boolean): RegExp {
  const source = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]');
  return new RegExp(`^${source}$`, caseInsensitive ? 'i' : '');
}

/** AUDITHISTORY is documented the other way round. */
function usesLabels(field: Field, manner: Manner): boolean {
  return (manner.enums === 'labels') !== (field.otherWayRound ?? false);
}

/** Reads what is compared; empty text counts as nothing. */
export function readerOf(column: Column, reader: Reader, manner: Manner): (row: Row) => Comparable | null {
  const { field, rowOf } = column;
  const { ledger } = reader;
  const asLabel = field.type === 'enum' && usesLabels(field, manner);
  return (row) => {
    const holder = rowOf(row);
    if (!holder) return null;
    const value = asLabel ? labelOf(field, holder, ledger) : heldBy(field, holder, ledger);
    if (value === null || value === '') return null;
    if (field.type === 'amount') return cents(value);
    return typeof value === 'string' && manner.caseInsensitive ? value.toLowerCase() : value;
  };
}

function operandOf(text: string, field: Field, reader: Reader, manner: Manner): Comparable {
  if (field.type === 'date' || field.type === 'stamp') {
    const read = field.type === 'date' ? readDate(text, reader.format) : readStamp(text, reader.format);
    if (read === null) throw vagueError();
    return read;
  }
  if (field.type === 'integer') {
    if (!/^-?\d+$/.test(text)) throw vagueError();
    return Number(text);
  }
  if (field.type === 'amount') {
    if (!/^-?\d+(\.\d{1,2}0*)?$/.test(text)) throw vagueError();
    return cents(text);
  }
  return manner.caseInsensitive ? text.toLowerCase() : text;
}
