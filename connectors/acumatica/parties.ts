import { PermanentError } from '../../app/domain/errors.ts';
import type { ErpParty } from '../../app/domain/party.ts';
import type { Api } from './api.ts';
import { fieldValue, isRecord, textField, unexpected, type WireRecord } from './fields.ts';
import { instantLiteral, textLiteral } from './queries.ts';
import { type ListSlice, readWholeList } from './whole-list.ts';

const what = 'vendors (AP303000)';
const instructions = ['LocationID', 'PaymentMethod', 'PaymentInstructionsID', 'Value'] as const;
const contact = ['CompanyName', 'Attention', 'Email', 'Phone1'] as const;
const address = ['AddressLine1', 'AddressLine2', 'City', 'State', 'PostalCode', 'Country'] as const;

/** Details and linked entities come only when they are expanded (Vendor of Default 20.200.001 to 24.200.001). */
const shape = [
  `$select=${[
    ...['VendorID', 'PaymentMethod'],
    ...instructions.map((name) => `PaymentInstructions/${name}`),
    ...contact.map((name) => `RemittanceContact/${name}`),
    ...address.map((name) => `RemittanceContact/Address/${name}`),
  ].join(',')}`,
  '$expand=PaymentInstructions,RemittanceContact,RemittanceContact/Address',
].join('&');

export interface Parties {
  parties(since: number | null, signal: AbortSignal): AsyncGenerator<ErpParty[]>;
  party(code: string, signal: AbortSignal): Promise<ErpParty | null>;
}

/** The vendors with where their payments go: the payment instructions, and the remittance contact with its address. */
export function createParties(api: Api, pageSize: number): Parties {
  /** Set when this site cannot list what is asked for in one query: then keys are listed and records are read singly. */
  let singly = false;

  async function fetch(since: number | null, { top, skip }: ListSlice, signal: AbortSignal): Promise<WireRecord[]> {
    const changed = since === null ? null : `LastModifiedDateTime ge ${instantLiteral(since)}`;
    const parts = [
      ...(changed === null ? [] : [`$filter=${encodeURIComponent(changed)}`]),
      singly ? '$select=VendorID' : shape,
      ...(top === null ? [] : [`$top=${top}`]),
      ...(skip > 0 ? [`$skip=${skip}`] : []),
    ];
    const answer = await api.list(`Vendor?${parts.join('&')}`, what, signal);
    if (!('problem' in answer)) return answer.records;
    if (singly) throw new PermanentError('refused_by_erp', 'Acumatica cannot even list the keys of vendors.');
    singly = true;
    return fetch(since, { top, skip }, signal);
  }

  async function byCode(code: string, signal: AbortSignal): Promise<WireRecord | null> {
    if (!code.includes('/')) return api.record(`Vendor/${encodeURIComponent(code)}?${shape}`, what, signal);
    // A key with a slash does not fit into the path.
    const filter = encodeURIComponent(`VendorID eq ${textLiteral(code)}`);
    const answer = await api.list(`Vendor?$filter=${filter}&$select=VendorID`, what, signal);
    const [found] = 'problem' in answer ? [] : answer.records;
    return typeof found?.id === 'string' ? api.record(`Vendor/${found.id}?${shape}`, what, signal) : null;
  }

  return {
    async *parties(since, signal) {
      for await (const records of readWholeList((slice) => fetch(since, slice, signal), codeOf, pageSize)) {
        const parties: ErpParty[] = [];
        for (const record of records) {
          const whole = singly ? await byCode(codeOf(record), signal) : record;
          if (whole !== null) parties.push(toParty(whole));
        }
        if (parties.length > 0) yield parties;
      }
    },
    async party(code, signal) {
      const record = await byCode(code, signal);
      return record && toParty(record);
    },
  };
}

function codeOf(record: WireRecord): string {
  const code = textField(record, 'VendorID')?.trim();
  if (!code) throw unexpected('a vendor without VendorID');
  return code;
}

function toParty(record: WireRecord): ErpParty {
  const rows = record.PaymentInstructions ?? [];
  if (!Array.isArray(rows) || !rows.every(isRecord)) throw unexpected('PaymentInstructions that are no list');
  const accounts = rows
    .map((row) => valuesOf(row, instructions))
    .filter((values) => values.at(-1) !== null)
    .map((values) => JSON.stringify(values))
    .sort();
  const method = textField(record, 'PaymentMethod');
  const remittance = isRecord(record.RemittanceContact) ? record.RemittanceContact : {};
  const place = isRecord(remittance.Address) ? remittance.Address : {};
  const where = [...valuesOf(remittance, contact), ...valuesOf(place, address)];
  return {
    code: codeOf(record),
    bank: accounts.length === 0 && method === null ? null : JSON.stringify([method, ...accounts]),
    remittance: where.every((value) => value === null) ? null : JSON.stringify(where),
  };
}

/** As text, whatever a release sends: only whether they are the same matters. */
function valuesOf(record: WireRecord, names: readonly string[]): Array<string | null> {
  return names.map((name) => {
    const value = fieldValue(record, name);
    return value === undefined || value === null || value === '' ? null : String(value).trim();
  });
}
