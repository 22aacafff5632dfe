import { z } from 'zod';
import type { DocumentKind } from '../../app/domain/document.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { Push, PushHeaders, PushNotice } from '../connector.ts';
import { vouchesFor } from './signature.ts';

/** An object as the trigger's form lists it and as a delivery names it. */
const objects = {
  APBILL: 'AP bill',
  APPYMT: 'AP payment',
  GLBATCH: 'Journal entry',
  VENDOR: 'Vendor',
} as const;
type ObjectName = keyof typeof objects;

/** Which objects a kind is made of. Of a kind with one object, the number of the record is the key. */
const objectsOf: Readonly<Record<string, readonly ObjectName[]>> = {
  bill: ['APBILL'],
  payment: ['APPYMT'],
  journal: ['GLBATCH'],
  exception: ['GLBATCH', 'APPYMT', 'VENDOR'],
};

const contextSchema = z.object({
  OBJECTNAME: z.string().max(100),
  EVENT: z.string().max(100).nullish(),
  VID: z.union([z.string().max(30), z.int()]).nullish(),
});

const single = (headers: PushHeaders, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

/** What happened, beside the body; undefined where it is not told. */
function contextOf(headers: PushHeaders): z.output<typeof contextSchema> | undefined {
  try {
    const text = Buffer.from(single(headers, 'x-clientcontext'), 'base64').toString('utf8');
    return contextSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * The body is whatever the trigger's template makes and is not read. What is told beside it (object, event, number) is not
 * signed, so it only says where to look.
 */
function parse(_body: string, kind: DocumentKind, headers: PushHeaders): PushNotice {
  const { OBJECTNAME: object, EVENT: event, VID: number } = contextOf(headers) ?? {};
  const changed = Object.keys(objectsOf).filter((each) => objectsOf[each]?.some((name) => name === object));
  const isGone = event === 'after_delete' && /^\d{1,18}$/.test(String(number)) && isOwn(kind, object);
  return {
    company: null,
    stamp: null,
    gone: isGone ? [String(number)] : [],
    kinds: changed,
    // Two changes of one record may say the same: only what delivers them tells them apart.
    id: single(headers, 'x-idempotencykey') || single(headers, 'idempotency-key') || single(headers, signatureHeader),
  };
}

/** Whether documents of the kind are records of this one object, so that its number is their key. */
function isOwn(kind: DocumentKind, object: string | undefined): boolean {
  const [only, ...others] = objectsOf[kind] ?? [];
  return only === object && others.length === 0;
}

const signatureHeader = 'x-ia-sage-signature';

function objectWords(kind: DocumentKind): string {
  const named = (objectsOf[kind] ?? []).map((name) => `${objects[name]} (${name})`);
  return named.length > 1 ? `${named.join(', ')}: a trigger for each` : (named[0] ?? 'none');
}

/**
 * Platform triggers with webhook delivery (general in 2025 R2): a JWT in a header vouches for the body; up to four tries
 * (after 10, 30 and 90 seconds) on 408, 429 and 5xx with one idempotency key. The secret is that of the app in Sage's
 * registry whose client ID the trigger names. Smart Events of the older kind sign nothing and are not taken.
 */
export const push: Push = {
  secretFrom: 'erp',
  secretIs: 'client secret',
  verify: ({ headers, body, now }, secret) => vouchesFor(single(headers, signatureHeader), body, secret, now),
  guide: ({ address, kind }) => [
    { label: 'Form', value: 'Platform Services, Objects, the object below, Triggers, New' },
    { label: 'Object', value: objectWords(kind) },
    { label: 'Name', value: `Countersign ${documentWords(kind).many}` },
    { label: 'Events', value: 'after create, after update, after delete' },
    { label: 'Trigger type', value: 'HTTP post, with “Use webhook delivery”' },
    { label: 'Client ID', value: 'that of an app of yours in Sage’s App Registry; its client secret is typed below' },
    { label: 'URL', value: address },
    { label: 'Template', value: '{} is enough: what changed is read, not taken from here' },
  ],
  parse,
  isOfCompany: () => true,
};
