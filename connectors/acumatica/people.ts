import { PermanentError } from '../../app/domain/errors.ts';
import type { ErpPerson, PersonSort } from '../../app/domain/person.ts';
import type { Api } from './api.ts';
import { fieldValue, isRecord, textField, unexpected, type WireRecord } from './fields.ts';
import { type ListSlice, readWholeList } from './whole-list.ts';

/** How one sort of people is served (Default 24.200.001: Employee EP203000, Contact CR302000). */
interface Source {
  sort: PersonSort;
  entity: string;
  /** What names a record, asked for alone where the rest cannot be listed. */
  key: string;
  shape: string;
  keyOf(record: WireRecord): string;
  read(record: WireRecord): Omit<ErpPerson, 'sort' | 'key'>;
}

/** An employee's e-mail is in a linked entity, which comes only when it is expanded. */
const employees: Source = {
  sort: 'employee',
  entity: 'Employee',
  key: 'EmployeeID',
  shape: '$select=EmployeeID,EmployeeName,Status,ContactInfo/Email&$expand=ContactInfo',
  keyOf: (record) => required(record, 'EmployeeID', 'an employee'),
  read: (record) => ({
    name: textField(record, 'EmployeeName') ?? employees.keyOf(record),
    email: isRecord(record.ContactInfo) ? emailField(record.ContactInfo) : null,
    active: (textField(record, 'Status') ?? 'Active') === 'Active',
  }),
};

const contacts: Source = {
  sort: 'contact',
  entity: 'Contact',
  key: 'ContactID',
  shape: '$select=ContactID,DisplayName,FirstName,LastName,Email,Active',
  keyOf(record) {
    const id = fieldValue(record, 'ContactID');
    if (typeof id !== 'number' && typeof id !== 'string') throw unexpected('a contact without ContactID');
    return String(id);
  },
  read(record) {
    const names = [textField(record, 'FirstName'), textField(record, 'LastName')].filter((name) => name !== null);
    return {
      name: names.join(' ') || (textField(record, 'DisplayName') ?? contacts.keyOf(record)),
      email: emailField(record),
      active: fieldValue(record, 'Active') !== false,
    };
  },
};

function required(record: WireRecord, name: string, what: string): string {
  const text = textField(record, name)?.trim();
  if (!text) throw unexpected(`${what} without ${name}`);
  return text;
}

const emailField = (record: WireRecord) => textField(record, 'Email')?.trim() || null;

/** Everybody on the site: employees, then contacts. Who is not active comes too, and says so. */
export async function* readPeople(api: Api, pageSize: number, signal: AbortSignal): AsyncGenerator<ErpPerson[]> {
  for (const source of [employees, contacts]) yield* readSource(api, source, pageSize, signal);
}

async function* readSource(
  api: Api,
  source: Source,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<ErpPerson[]> {
  const { sort, entity, key, shape, keyOf } = source;
  /** Set when this site cannot list what is asked for in one query: then keys are listed and records are read singly. */
  let singly = false;

  async function fetch({ top, skip }: ListSlice): Promise<WireRecord[]> {
    const slice = top === null ? '' : `&$top=${top}${skip > 0 ? `&$skip=${skip}` : ''}`;
    const answer = await api.list(`${entity}?${singly ? `$select=${key}` : shape}${slice}`, `${sort}s`, signal);
    if (!('problem' in answer)) return answer.records;
    if (singly) throw new PermanentError('refused_by_erp', `Acumatica cannot even list the keys of ${sort}s.`);
    singly = true;
    return fetch({ top, skip });
  }

  async function complete(record: WireRecord): Promise<WireRecord | null> {
    const address = typeof record.id === 'string' ? record.id : keyOf(record);
    return api.record(`${entity}/${encodeURIComponent(address)}?${shape}`, `${sort}s`, signal);
  }

  for await (const records of readWholeList(fetch, keyOf, pageSize)) {
    const people: ErpPerson[] = [];
    for (const record of records) {
      const whole = singly ? await complete(record) : record;
      if (whole !== null) people.push({ sort, key: keyOf(record), ...source.read(whole) });
    }
    if (people.length > 0) yield people;
  }
}
