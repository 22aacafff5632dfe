import { z } from 'zod';
import type { DocumentKind } from '../../app/domain/document.ts';
import { PermanentError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { Push, PushHeaders, PushNotice } from '../connector.ts';
import { vouchesFor } from './signature.ts';

/** An object as the trigger's form lists it and as a notice names it. */
const objects = {
  APBILL: 'AP bill',
  APPYMT: 'AP payment',
  GLBATCH: 'Journal entry',
  VENDOR: 'Vendor',
} as const;
type ObjectName = keyof typeof objects;

/** Which objects a kind is made of: the first is its own record, whose number is its key. */
const objectsOf: Readonly<Record<string, readonly ObjectName[]>> = {
  bill: ['APBILL'],
  payment: ['APPYMT'],
  journal: ['GLBATCH'],
  exception: ['GLBATCH', 'APPYMT', 'VENDOR'],
};

const noticeSchema = z.object({
  COMPANY: z.string().max(200).nullish(),
  OBJECTNAME: z.string().min(1).max(100),
  EVENT: z.string().max(100).nullish(),
  VID: z.union([z.string().max(100), z.int()]).nullish(),
});

const single = (headers: PushHeaders, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

function parse(body: string, kind: DocumentKind, headers: PushHeaders): PushNotice {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw new PermanentError('no_notice', 'This is no JSON, so it is no notice of an Intacct trigger.', { cause });
  }
  const read = noticeSchema.safeParse(json);
  if (!read.success) {
    throw new PermanentError('no_notice', 'This is no notice of an Intacct trigger: OBJECTNAME is missing.');
  }
  const { COMPANY: company, OBJECTNAME: object, EVENT: event, VID: number } = read.data;
  const changed = Object.keys(objectsOf).filter((each) => objectsOf[each]?.some((name) => name === object));
  const isGone = event === 'after_delete' && number != null && number !== '' && isOwn(kind, object);
  return {
    company: company || null,
    stamp: null,
    gone: isGone ? [String(number)] : [],
    kinds: changed,
    // Two changes of one record say the same: only what delivers them tells them apart.
    id: single(headers, 'x-idempotencykey') || single(headers, signatureHeader),
  };
}

/** Whether documents of the kind are records of this one object, so that its number is their key. */
function isOwn(kind: DocumentKind, object: string): boolean {
  const [only, ...others] = objectsOf[kind] ?? [];
  return only === object && others.length === 0;
}

const signatureHeader = 'x-ia-sage-signature';
const objectWords = (kind: DocumentKind) => (objectsOf[kind] ?? []).map((name) => `${objects[name]} (${name})`);

/**
 * Platform triggers with webhook delivery (general in 2025 R2): a JWT in a header vouches for the body; up to four tries
 * (after 10, 30 and 90 seconds) on 408, 429 and 5xx with one idempotency key. Smart Events of the older kind sign nothing
 * and are not taken.
 */
export const push: Push = {
  secretIs: 'client secret',
  verify: ({ headers, body, now }, secret) => vouchesFor(single(headers, signatureHeader), body, secret, now),
  guide: ({ address, secret, kind }) => [
    { label: 'Form', value: 'Platform Services, Objects, the object below, Triggers, New' },
    {
      label: 'Object',
      value:
        objectWords(kind).length > 1
          ? `${objectWords(kind).join(', ')}: a trigger for each`
          : (objectWords(kind)[0] ?? 'none'),
    },
    { label: 'Name', value: `Countersign ${documentWords(kind).many}` },
    { label: 'Trigger type', value: 'HTTP POST, with webhook delivery' },
    { label: 'Events', value: 'after create, after update and after delete' },
    { label: 'Target URL', value: address },
    { label: 'Client secret', value: secret },
  ],
  parse,
  isOfCompany: (company, { company_id }) =>
    typeof company_id !== 'string' || company.toLowerCase() === company_id.toLowerCase(),
};
