import { z } from 'zod';
import type { DocumentKind } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import { cleanText } from '../../app/domain/text.ts';
import type { Push, PushNotice } from '../connector.ts';
import { parseExactJson } from './exact-json.ts';
import { kindNamed } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { typeOfCode } from './link.ts';

const rowSchema = z.record(z.string(), z.unknown());
const bodySchema = z.object({
  Inserted: z.array(rowSchema).nullish(),
  Deleted: z.array(rowSchema).nullish(),
  CompanyId: z.string().nullish(),
  // A long beyond what a float keeps; a shorter one arrives as a number.
  TimeStamp: z.union([z.string().regex(/^\d{1,30}$/), z.int().nonnegative()]).nullish(),
});

/** The columns of the generic inquiry by which a record is recognised: the screen's internal names. */
const keyColumns = ({ link }: Kind): [string, string] => [link.type, link.reference];

/** An inquiry shows a type by its label or, without the label, by its code. */
function keyOf(row: Record<string, unknown>, kind: Kind): string | null {
  const [type, reference] = keyColumns(kind).map((column) => row[column]);
  if (typeof type !== 'string' || typeof reference !== 'string' || type === '' || reference === '') return null;
  // As it is stored: what PostgreSQL refuses is not in any key.
  return cleanText(`${typeOfCode(kind, type.trim()) ?? type.trim()}|${reference.trim()}`);
}

/** Deleted and Inserted with one key are an update; they may also come in two notices. */
function parse(body: string, of: DocumentKind): PushNotice {
  const kind = kindNamed(of);
  let json: unknown;
  try {
    json = parseExactJson(body);
  } catch (cause) {
    throw new PermanentError('no_notice', 'This is no JSON, so it is no push notification of Acumatica.', { cause });
  }
  const read = bodySchema.safeParse(json);
  if (!read.success || (!read.data.Inserted && !read.data.Deleted)) {
    throw new PermanentError(
      'no_notice',
      'This is no push notification of Acumatica: Inserted and Deleted are missing.',
    );
  }
  const { Inserted: inserted, Deleted: deleted, CompanyId: company, TimeStamp: stamp } = read.data;
  const there = new Set((inserted ?? []).map((row) => keyOf(row, kind)));
  const gone = (deleted ?? []).map((row) => keyOf(row, kind)).filter((key) => key !== null && !there.has(key));
  return {
    company: cleanText(company ?? '') || null,
    stamp: stamp === null || stamp === undefined ? null : String(stamp),
    gone: [...new Set(gone)] as string[],
  };
}

const header = 'X-Countersign-Push';

/**
 * Push notifications (form SM302000): a static header is all that proves a notice, deliveries come at least once and at
 * most five times, and a mass process may send them late. Source: Acumatica, Integration Development Guide, Push
 * Notifications (destinations, format).
 */
export const push: Push = {
  header,
  secretFrom: 'app',
  secretIs: 'header value',
  guide: ({ address, secret, kind }) => [
    { label: 'Form', value: 'Push Notifications (SM302000)' },
    { label: 'Destination Name', value: `Countersign ${documentWords(kind).many}` },
    { label: 'Active', value: 'ticked' },
    { label: 'Destination Type', value: 'Webhook' },
    { label: 'Address', value: address },
    { label: 'Header Name', value: header },
    { label: 'Header Value', value: secret },
    {
      label: 'Generic Inquiries',
      value: `one over ${documentWords(kind).many} with the columns ${keyColumns(kindNamed(kind)).join(', ')} and Status, so captioned; no grouping, no formulas, no joins of detail lines`,
    },
    { label: 'Fields', value: 'Track All Fields' },
  ],
  parse,
  isOfCompany: (company, { tenant }) => typeof tenant !== 'string' || company.toLowerCase() === tenant.toLowerCase(),
};
