import { z } from 'zod';
import { actionNames } from '../../app/domain/document.ts';
import { ReconnectError, RetryableError } from '../../app/domain/errors.ts';
import type { ConnectContext } from '../connector.ts';
import { readProblem } from './answers.ts';
import type { Send } from './calls.ts';
import type { AcumaticaCredentials } from './credentials.ts';
import { readError, readJson } from './errors.ts';
import { isRecord } from './fields.ts';
import type { SiteActions } from './states.ts';
import type { Words } from './words.ts';

const profileSchema = z.object({
  /** What was asked for when it was discovered; another address or version asks again. */
  of: z.string(),
  discoveredAt: z.number(),
  build: z.string().nullable(),
  endpoint: z.string(),
  version: z.string(),
  actions: z.partialRecord(z.enum(actionNames), z.string()),
});

/** What a site offers, as far as the connector depends on it. */
export type SiteProfile = Omit<z.infer<typeof profileSchema>, 'actions'> & { actions: SiteActions };

const endpointSchema = z.object({ name: z.string(), version: z.string() });
const endpointsSchema = z.union([
  z.array(endpointSchema).transform((endpoints) => ({ endpoints, version: undefined })),
  z.object({ endpoints: z.array(endpointSchema), version: z.object({ acumaticaBuildVersion: z.string() }).optional() }),
]);

const maxAgeMs = 24 * 3_600_000;

/** What screens and endpoints call each action; releases differ, so the site is asked. */
const candidates = {
  approve: ['Approve', 'ApproveBill'],
  reject: ['Reject', 'RejectBill'],
  release: ['ReleaseBill', 'Release'],
  hold: ['PutOnHold', 'PutBillOnHold', 'PutOnHoldBill', 'Hold'],
} as const;

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** `_workflowActions` is an array of `{ Name: { parameters } }`; null where the site does not tell. */
function workflowActionNames(schema: unknown): string[] | null {
  const listed = isRecord(schema) ? schema._workflowActions : undefined;
  if (Array.isArray(listed)) return listed.flatMap((item) => (isRecord(item) ? Object.keys(item) : [String(item)]));
  return isRecord(listed) ? Object.keys(listed) : null;
}

function siteActions(names: string[] | null): SiteActions {
  // ReleaseBill is declared by the endpoint itself, so it need not be among the workflow's.
  if (names === null) return { approve: 'Approve', reject: 'Reject', release: 'ReleaseBill', hold: 'PutOnHold' };
  const actions: SiteActions = { release: 'ReleaseBill' };
  for (const action of actionNames) {
    const known: readonly string[] = candidates[action];
    const found = known
      .map((candidate) => names.find((name) => name.toLowerCase() === candidate.toLowerCase()))
      .find((name) => name !== undefined);
    if (found !== undefined) actions[action] = found;
  }
  return actions;
}

export interface Site {
  profile(signal: AbortSignal): Promise<SiteProfile>;
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

  const usable = (profile: SiteProfile): boolean => profile.of === of && now() - profile.discoveredAt < maxAgeMs;

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

  async function readActions(version: string, signal: AbortSignal): Promise<SiteActions> {
    const path = `/entity/${endpoint}/${version}/Bill/$adHocSchema`;
    const response = await send({ method: 'GET', path, signal });
    const problem = readProblem(response, words);
    if (problem) throw readError(problem, 'bills');
    return siteActions(workflowActionNames(readJson(response, 'the actions of bills')));
  }

  async function discover(signal: AbortSignal): Promise<SiteProfile> {
    const { endpoints, version: built } = await readEndpoints(signal);
    const version = chooseVersion(endpoints);
    const actions = await readActions(version, signal);
    const build = built?.acumaticaBuildVersion ?? null;
    const profile: SiteProfile = { of, discoveredAt: now(), build, endpoint, version, actions };
    await state.change(async (current) => ({ ...current, site: profile }));
    held = profile;
    return profile;
  }

  return {
    discover,
    async profile(signal) {
      if (held !== null && usable(held)) return held;
      const stored = profileSchema.safeParse((await state.read())?.site);
      const known = stored.success ? (stored.data as SiteProfile) : null;
      if (known !== null && usable(known)) {
        held = known;
        return known;
      }
      try {
        return await discover(signal);
      } catch (error) {
        // A site that was known yesterday is still good enough while it does not tell anew.
        if (error instanceof RetryableError && known?.of === of) return known;
        throw error;
      }
    },
  };
}
