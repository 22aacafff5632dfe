import { entityByKey } from '../company.ts';
import type { Row } from '../ledger/row.ts';
import { derived, type Field, stamps, texts } from './object-type.ts';

/** The entity a row was made in; rows of the top level have none. */
export const megaEntity: readonly Field[] = [
  derived('MEGAENTITYKEY', 'integer', (row) => row.MEGAENTITYKEY),
  derived('MEGAENTITYID', 'text', (row) => entityByKey(row.MEGAENTITYKEY)?.id ?? null),
  derived('MEGAENTITYNAME', 'text', (row) => entityByKey(row.MEGAENTITYKEY)?.name ?? null),
];

export const ownEntity = (row: Row) => row.MEGAENTITYKEY;

export const madeAndChanged: readonly Field[] = [...stamps('WHENMODIFIED'), ...texts('CREATEDBY MODIFIEDBY')];

/** On documents of payables WHENCREATED is the document's date, so the stamp has another name. */
export const documentStamps: readonly Field[] = [...stamps('AUWHENCREATED'), ...madeAndChanged];

/** On the rest WHENCREATED is the stamp. */
export const plainStamps: readonly Field[] = [
  derived('WHENCREATED', 'stamp', (row) => row.AUWHENCREATED),
  ...madeAndChanged,
];

/** An opaque link into the user interface; it cannot be built from RECORDNO. */
export const recordUrl = (object: string): Field =>
  derived('RECORD_URL', 'text', (row, ledger) => ledger.recordUrl(object, row));
