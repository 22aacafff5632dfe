import { parseMoney } from '../../money.ts';
import { type Field, type FieldType, type FieldValue, field, type RecordType } from '../record-type.ts';
import { type Expression, type Literal, type Operator, parseFilter } from './parse.ts';
import { badFilter } from './tokens.ts';

export type Test<R> = (row: R) => boolean;

const momentPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/;
const edm: Record<FieldType, string> = {
  string: 'Edm.String',
  decimal: 'Edm.Decimal',
  int: 'Edm.Int32',
  datetime: 'Edm.DateTimeOffset',
  boolean: 'Edm.Boolean',
};
const literalEdm = {
  string: 'Edm.String',
  number: 'Edm.Decimal',
  moment: 'Edm.DateTimeOffset',
  boolean: 'Edm.Boolean',
};
const operatorNames: Record<Operator, string> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
};

/** Turns `$filter` into a test of one row. Fields of `otherViewFields` meet others in no `and`. Throws ErpError. */
export function compileFilter<R>(filter: string, type: RecordType<R>, otherViewFields: readonly string[]): Test<R> {
  return testOf(parseFilter(filter), type, new Set(otherViewFields));
}

function testOf<R>(expression: Expression, type: RecordType<R>, otherView: ReadonlySet<string>): Test<R> {
  if (expression.kind === 'nothing') return () => false;
  if (expression.kind === 'compare') return comparison(expression, type);
  if (expression.kind === 'match') return textMatch(expression, type);
  const left = testOf(expression.left, type, otherView);
  const right = testOf(expression.right, type, otherView);
  if (expression.kind === 'or') return (row) => left(row) || right(row);
  const views = new Set(fieldsOf(expression).map((name) => otherView.has(name)));
  return views.size > 1 ? () => false : (row) => left(row) && right(row);
}

function fieldsOf(expression: Expression): string[] {
  if (expression.kind === 'nothing') return [];
  if ('field' in expression) return [expression.field];
  return [...fieldsOf(expression.left), ...fieldsOf(expression.right)];
}

function fieldNamed<R>(name: string, type: RecordType<R>, custom = false): Field<R> {
  if (custom) return field(name, 'string', (row) => type.custom(row, name));
  const known = type.fields.find((candidate) => candidate.name === name);
  if (known) return known;
  if (name.split('/')[0] && type.details[name.split('/')[0] ?? '']) {
    throw badFilter('The filter by the fields of detail entities is not supported.');
  }
  throw badFilter(`Could not find a property named '${name}' on type '${type.name}'.`);
}

function comparison<R>(expression: Expression & { kind: 'compare' }, type: RecordType<R>): Test<R> {
  const { read, type: fieldType } = fieldNamed(expression.field, type, expression.custom);
  const { operator, literal } = expression;
  if (literal.type === 'null') return (row) => (read(row) === null) === (operator === 'eq');
  const wanted = comparable(literal, fieldType, operator);
  const holds = holding(operator);
  return (row) => {
    const value = read(row);
    if (value === null) return false;
    const folded = fieldType === 'string' && value !== wanted ? String(value).toLowerCase() : value;
    return holds(folded === wanted ? 0 : folded < wanted ? -1 : 1);
  };
}

/** The literal as the field's own kind of value. Text compares without regard to case, as the database does. */
function comparable(literal: Exclude<Literal, { type: 'null' }>, fieldType: FieldType, operator: Operator) {
  if (literal.type === 'string' && fieldType === 'string') return literal.value.toLowerCase();
  if (literal.type === 'number' && fieldType === 'decimal') return parseMoney(literal.value);
  if (literal.type === 'number' && fieldType === 'int') return Number(literal.value);
  if (literal.type === 'boolean' && fieldType === 'boolean') return literal.value;
  if (literal.type === 'moment' && fieldType === 'datetime') return momentOf(literal.value, literal.form);
  throw badFilter(
    'A binary operator with incompatible types was detected. ' +
      `Found operand types '${edm[fieldType]}' and '${literalEdm[literal.type]}' for operator kind '${operatorNames[operator]}'.`,
  );
}

function momentOf(text: string, form: string): number {
  const whole = form === 'date' ? `${text}T00:00:00Z` : text;
  const ms = momentPattern.test(whole) && form !== 'datetime' && form !== 'guid' ? Date.parse(whole) : Number.NaN;
  if (Number.isNaN(ms)) throw badFilter(`Unrecognized '${form}' literal '${form}'${text}''.`);
  return ms;
}

function holding(operator: Operator): (order: -1 | 0 | 1) => boolean {
  if (operator === 'eq') return (order) => order === 0;
  if (operator === 'ne') return (order) => order !== 0;
  if (operator === 'gt') return (order) => order > 0;
  if (operator === 'ge') return (order) => order >= 0;
  if (operator === 'lt') return (order) => order < 0;
  return (order) => order <= 0;
}

function textMatch<R>(expression: Expression & { kind: 'match' }, type: RecordType<R>): Test<R> {
  const { read, type: fieldType } = fieldNamed(expression.field, type);
  if (fieldType !== 'string') {
    throw badFilter(
      `No function signature for the function with name '${expression.call}' matches the specified arguments.`,
    );
  }
  const wanted = expression.text.toLowerCase();
  const lower = (value: FieldValue) => String(value ?? '').toLowerCase();
  if (expression.call === 'startswith') return (row) => lower(read(row)).startsWith(wanted);
  if (expression.call === 'endswith') return (row) => lower(read(row)).endsWith(wanted);
  return (row) => lower(read(row)).includes(wanted);
}
