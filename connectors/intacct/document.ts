import type { DocumentLine, ErpDocument } from '../../app/domain/document.ts';
import { date, decimal, moment, type Row, recordNo, text } from './fields.ts';
import type { UserFormat } from './formats.ts';
import type { Dated, Kind, Plain } from './kinds/kind.ts';

/** A row with what belongs to it. */
export interface Whole {
  row: Row;
  lines: Row[];
}

function readLine(row: Row, { fields }: NonNullable<Kind['lines']>): DocumentLine {
  return {
    description: text(row, fields.description ?? []),
    quantity: null,
    amount: decimal(row, fields.amount ?? []),
    account: text(row, fields.account ?? []),
  };
}

/** The longest address that a button of Slack takes. */
const longestLink = 3000;

/** RECORD_URL cannot be built; where it is not given, or is no web address, nothing is linked. */
export function linkOf(row: Row): string | null {
  const url = text(row, ['RECORD_URL']);
  return url !== null && url.length <= longestLink && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? url
    : null;
}

/** One record as a document. Throws PermanentError `unexpected_answer` where a field is not what it has to be. */
export function readDocument({ row, lines }: Whole, kind: Kind, format: UserFormat): ErpDocument {
  const { fields, statuses, object } = kind;
  const number = recordNo(row, object);
  const status = text(row, ['STATE']) ?? '';
  const [phase, ...actions] = statuses.get(status) ?? (['other'] as const);
  const plain = (name: Plain) => text(row, fields[name] ?? []);
  const dated = (name: Dated) => date(row, fields[name] ?? [], format);
  const amount = decimal(row, fields.amount ?? []);
  const vendorCode = text(row, fields.vendorCode ?? []);
  const createdBy = text(row, fields.createdBy ?? []);
  const told = text(row, fields.type ?? []);
  const modifiedAt = moment(row, 'WHENMODIFIED', format);
  return {
    kind: kind.kind,
    key: number,
    erpId: number,
    type: told === null ? kind.type : (kind.typeOf?.(told) ?? told),
    reference: plain('reference') ?? number,
    status,
    phase,
    vendor: vendorCode === null ? null : { code: vendorCode, name: text(row, fields.vendorName ?? []) },
    vendorReference: plain('vendorReference'),
    amount: amount === null ? null : { value: amount, currency: text(row, fields.currency ?? []) },
    date: dated('date'),
    dueDate: dated('dueDate'),
    description: plain('description'),
    terms: plain('terms'),
    branch: plain('branch'),
    ...(fields.createdBy ? { createdBy: createdBy === null ? null : { code: createdBy, name: null } } : {}),
    lines: kind.lines ? lines.map((line) => readLine(line, kind.lines as NonNullable<Kind['lines']>)) : [],
    modifiedAt: modifiedAt === null ? null : new Date(modifiedAt).toISOString(),
    actions: [...actions],
    link: linkOf(row),
  };
}
