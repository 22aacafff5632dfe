import type { DocumentKind, ErpDocument, ErpName } from '../../../app/domain/document.ts';
import type { ErpRecord } from './records.ts';
import type { End, Finding, Sort } from './sort.ts';
import { sortsOf } from './sorts/index.ts';

const kindOf: Record<ErpRecord['object'], { kind: DocumentKind | null; name: string }> = {
  GLBATCH: { kind: 'journal', name: 'Journal' },
  APPYMT: { kind: 'payment', name: 'Payment' },
  VENDOR: { kind: null, name: 'Vendor' },
};

export const keyOf = ({ object, number }: Pick<ErpRecord, 'object' | 'number'>, sort: Pick<Sort, 'id'>): string =>
  `${object} ${number} ${sort.id}`;

/** A key taken apart; null for what is none of this version's. */
export function readKey(key: string): { object: ErpRecord['object']; number: string; sort: Sort } | null {
  const [, object = '', number = '', id = ''] = /^([A-Z]+) (\d{1,18}) ([a-z_]+)$/.exec(key) ?? [];
  if (object !== 'GLBATCH' && object !== 'APPYMT' && object !== 'VENDOR') return null;
  const sort = sortsOf(object).find((each) => each.id === id);
  return sort ? { object, number, sort } : null;
}

function partyOf(record: ErpRecord): ErpName | null {
  if (record.object === 'APPYMT') return record.vendor;
  return record.object === 'VENDOR' ? { code: record.code, name: record.name } : null;
}

/**
 * An exception as a document. `at`: when it was asked whether it is so, milliseconds since the epoch by our own clock: the
 * gateway's tells whole seconds, and an older reading must never overwrite a newer one.
 */
export function exceptionOf(sort: Sort, record: ErpRecord, found: Finding | End, at: number): ErpDocument {
  const end = 'outcome' in found ? found : null;
  const finding: Finding = 'outcome' in found ? {} : found;
  const { kind, name } = kindOf[record.object];
  const own = record.object === 'APPYMT' ? record.amount : null;
  return {
    kind: 'exception',
    key: keyOf(record, sort),
    erpId: record.number,
    type: sort.type,
    reference: record.reference,
    status: end?.status ?? sort.notice ?? 'Open',
    phase: end ? 'closed' : sort.notice ? 'voided' : 'waiting',
    vendor: partyOf(record),
    vendorReference: null,
    amount: end ? null : finding.amount === undefined ? own : finding.amount,
    date: record.date,
    dueDate: null,
    description: record.description,
    terms: null,
    branch: record.branch,
    lines: finding.lines ?? [],
    exception: {
      severity: finding.severity ?? sort.severity,
      concerns: { kind, key: record.number, name: `${name} ${record.reference}` },
      ...(finding.amountIs && finding.amount ? { amountIs: finding.amountIs } : {}),
      outcome: end?.outcome ?? null,
    },
    modifiedAt: new Date(at).toISOString(),
    actions: [],
    link: record.link,
  };
}
