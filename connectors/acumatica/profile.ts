import { z } from 'zod';
import { type ActionName, actionNames, documentKinds } from '../../app/domain/document.ts';
import { ReconnectError, RetryableError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ConnectContext } from '../connector.ts';
import type { Words } from '../shared/words.ts';
import { readProblem } from './answers.ts';
import type { Send } from './calls.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { readError, readJson } from './errors.ts';
import { isRecord } from './fields.ts';
import type { Kind } from './kinds/kind.ts';

const profileSchema = z.object({
  /** What was asked for when it was discovered; another address or version asks again. */
  of: z.string(),
  discoveredAt: z.number(),
  build: z.string().nullable(),
  endpoint: z.string(),
  version: z.string(),
  /** Of each kind, with when it was asked for: before the rest was discovered anew, it is only a fallback. */
  actions: z.partialRecord(
    z.enum(documentKinds),
    z.object({
      askedAt: z.number(),
      names: z.partialRecord(z.enum(actionNames), z.string()),
      outside: z.array(z.string()).optional(),
    }),
  ),
});

/** What each action is called on this site; absent where the site has none. */
export type SiteActions = Partial<Record<ActionName, string>>;

type FormProfile = NonNullable<SiteProfile['actions'][keyof SiteProfile['actions']]>;

/** What a site offers, as far as the connector depends on it. */
export type SiteProfile = z.infer<typeof profileSchema>;

const endpointSchema = z.object({ name: z.string(), version: z.string() });
const endpointsSchema = z.union([
  z.array(endpointSchema).transform((endpoints) => ({ endpoints, version: undefined })),
  z.object({ endpoints: z.array(endpointSchema), version: z.object({ acumaticaBuildVersion: z.string() }).optional() }),
]);

const maxAgeMs = 24 * 3_600_000;

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** `_workflowActions` is an array of `{ Name: { parameters } }`; null where the site does not tell. */
function workflowActionNames(schema: unknown): string[] | null {
  const listed = isRecord(schema) ? schema._workflowActions : undefined;
  if (Array.isArray(listed)) return listed.flatMap((item) => (isRecord(item) ? Object.keys(item) : [String(item)]));
  return isRecord(listed) ? Object.keys(listed) : null;
}

/** The wanted ones of the form's fields outside the contract: `$adHocSchema` has them as `custom: { View: { Field } }`. */
function outsideFields({ outside }: Kind, schema: unknown): string[] {
  const views = isRecord(schema) && isRecord(schema.custom) ? schema.custom : {};
  return Object.values(outside ?? {}).filter((fullName) => {
    const [view = '', field = ''] = fullName.split('.');
    const fields = views[view];
    return isRecord(fields) && field in fields;
  });
}

/** The kind's actions by the names that this site has for them; where it does not tell, by their usual names. */
function siteActions(kind: Kind, names: string[] | null): SiteActions {
  const actions: SiteActions = {};
  for (const action of actionNames) {
    const candidates = kind.actions[action] ?? [];
    const found = candidates
      .map((candidate) => names?.find((name) => name.toLowerCase() === candidate.toLowerCase()))
      .find((name) => name !== undefined);
    const known = found ?? (names === null || kind.declared.includes(action) ? candidates[0] : undefined);
    if (known !== undefined) actions[action] = known;
  }
  return actions;
}

export interface Site {
  profile(signal: AbortSignal): Promise<SiteProfile>;
  /** What can be done to documents of a kind; asked for once and then known as long as the profile is. */
  actions(kind: Kind, signal: AbortSignal): Promise<SiteActions>;
  /** Those of the kind's fields outside the contract that the site has, by their full names. */
  outside(kind: Kind, signal: AbortSignal): Promise<readonly string[]>;
  /** Asks the site again. Throws ReconnectError naming what is wrong: site, endpoint or version. */
  discover(signal: AbortSignal): Promise<SiteProfile>;
}

export const entityPath = ({ endpoint, version }: SiteProfile) => `/entity/${endpoint}/${version}`;

export function createSite(context: ConnectContext<AcumaticaCredentials>, send: Send, words: Words): Site {
  const { credentials, state, now } = context;
  const { site, tenant, endpoint, version: wanted } = credentials;
  const of = [site, tenant, endpoint, wanted ?? '*'].join(' ');
  const host = new URL(site).host;
  let held: SiteProfile | null = null;

  const usable = (profile: SiteProfile): boolean => now() - profile.discoveredAt < maxAgeMs;

  async function readEndpoints(signal: AbortSignal) {
    const response = await send({ method: 'GET', path: '/entity', signal });
    const problem = readProblem(response, words);
    if (problem?.kind === 'missing')
      throw new ReconnectError(`There is no Acumatica API at this address of ${host}.`, { field: 'site' });
    if (problem) throw readError(problem, 'the list of endpoints');
    const endpoints = endpointsSchema.safeParse(readJson(response, 'the list of endpoints'));
    if (!endpoints.success)
      throw new ReconnectError(`${host} does not answer like an Acumatica site.`, {
        field: 'site',
        cause: endpoints.error,
      });
    return endpoints.data;
  }

  function chooseVersion(endpoints: z.infer<typeof endpointSchema>[]): string {
    const versions = endpoints
      .filter(({ name }) => name === endpoint)
      .map((one) => one.version)
      .sort(byVersion);
    const newest = versions.at(-1);
    if (newest === undefined) {
      const names = [...new Set(endpoints.map(({ name }) => name))].sort().join(', ') || 'none';
      throw new ReconnectError(`${host} has no endpoint "${endpoint}"; it has: ${names}.`, { field: 'endpoint' });
    }
    if (wanted === undefined || versions.includes(wanted)) return wanted ?? newest;
    throw new ReconnectError(
      `${host} has no version ${wanted} of the endpoint "${endpoint}"; it has: ${versions.join(', ')}.`,
      { field: 'version' },
    );
  }

  async function readForm(kind: Kind, version: string, signal: AbortSignal): Promise<Omit<FormProfile, 'askedAt'>> {
    const path = `/entity/${endpoint}/${version}/${kind.entity}/$adHocSchema`;
    const what = kindInWords(kind);
    const response = await send({ method: 'GET', path, signal });
    const problem = readProblem(response, words);
    if (problem) throw readError(problem, what);
    const schema = readJson(response, `the actions of ${what}`);
    return { names: siteActions(kind, workflowActionNames(schema)), outside: outsideFields(kind, schema) };
  }

  async function readStored(): Promise<SiteProfile | null> {
    const stored = profileSchema.safeParse((await state.read())?.site);
    return stored.success && stored.data.of === of ? stored.data : null;
  }

  async function keep(profile: SiteProfile): Promise<SiteProfile> {
    await state.change(async (current) => ({ ...current, site: profile }));
    held = profile;
    return profile;
  }

  async function discover(signal: AbortSignal): Promise<SiteProfile> {
    const { endpoints, version: built } = await readEndpoints(signal);
    const version = chooseVersion(endpoints);
    const build = built?.acumaticaBuildVersion ?? null;
    const actions = (held ?? (await readStored()))?.actions ?? {};
    return keep({ of, discoveredAt: now(), build, endpoint, version, actions });
  }

  async function profileOf(signal: AbortSignal): Promise<SiteProfile> {
    if (held !== null && usable(held)) return held;
    const known = await readStored();
    if (known !== null && usable(known)) {
      held = known;
      return known;
    }
    try {
      return await discover(signal);
    } catch (error) {
      // A site that was known yesterday is still good enough while it does not tell anew.
      if (error instanceof RetryableError && known !== null) return known;
      throw error;
    }
  }

  async function formOf(kind: Kind, signal: AbortSignal): Promise<FormProfile> {
    const profile = await profileOf(signal);
    const known = profile.actions[kind.kind];
    // One that was stored before these fields were asked for is asked for anew.
    const isWhole = known !== undefined && (kind.outside === undefined || known.outside !== undefined);
    if (isWhole && known.askedAt >= profile.discoveredAt) return known;
    let asked: FormProfile;
    try {
      asked = { askedAt: now(), ...(await readForm(kind, profile.version, signal)) };
    } catch (error) {
      if (error instanceof RetryableError && known !== undefined) return known;
      throw error;
    }
    // Other kinds may have been asked for meanwhile, by other processes too.
    await state.change(async (current) => {
      const stored = profileSchema.safeParse(current?.site);
      const isNewer = stored.success && stored.data.of === of && stored.data.discoveredAt >= profile.discoveredAt;
      const newest = isNewer ? stored.data : profile;
      held = { ...newest, actions: { ...newest.actions, [kind.kind]: asked } };
      return { ...current, site: held };
    });
    return asked;
  }

  return {
    discover,
    profile: profileOf,
    actions: async (kind, signal) => (await formOf(kind, signal)).names,
    outside: async (kind, signal) => (kind.outside === undefined ? [] : ((await formOf(kind, signal)).outside ?? [])),
  };
}

/** How a kind is named in a message: with its form, for whoever has to give a right. */
export const kindInWords = ({ kind, screen }: Kind): string => `${documentWords(kind).many} (${screen})`;
