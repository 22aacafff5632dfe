import { ReconnectError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { Api } from './api.ts';
import type { IntacctCredentials } from './credentials.ts';
import { kindInWords, kinds } from './kinds/index.ts';
import { type Kind, stateOf } from './kinds/kind.ts';
import type { Profile } from './profile.ts';
import { equalTo, query } from './query.ts';

export interface Probed {
  readable: Kind[];
  closed: ReconnectError[];
}

/** What the role may read and what not, in one request; throws where nothing may be, or where something else is wrong. */
export async function probe(api: Api, signal: AbortSignal): Promise<Probed> {
  const questions = kinds.map((kind) => ({
    ask: query({
      object: kind.object,
      fields: ['RECORDNO'],
      filter: equalTo('RECORDNO', '0'),
      pageSize: 1,
      showPrivate: false,
    }),
    what: kindInWords(kind),
  }));
  const { results } = await api.askAll(questions, signal);
  const closed = results.filter((result) => result instanceof ReconnectError && result.scope === 'kind');
  for (const result of results) if (result instanceof Error && !closed.includes(result)) throw result;
  if (closed.length === kinds.length && closed[0] !== undefined) throw closed[0];
  return {
    readable: kinds.filter((_, index) => !(results[index] instanceof Error)),
    closed: closed as ReconnectError[],
  };
}

/** In one line what answered, what can be read, and what is missing for more. */
export function summaryOf(
  { gateway, company_id, entity }: IntacctCredentials,
  { format, states }: Profile,
  { readable, closed }: Probed,
): string {
  const where = `company ${company_id}${entity === undefined ? '' : `, entity ${entity}`}`;
  const read = readable.map(({ kind }) => documentWords(kind).many).join(', ');
  const english = /^en/i.test(format.locale)
    ? []
    : [`The user's language is ${format.locale}: set it to English, or states are shown but not understood.`];
  const unknown = kinds.flatMap((kind) =>
    states(kind.object).filter((label) => stateOf(kind, label)[0] === 'other' && !isListed(kind, label)),
  );
  const others = unknown.length === 0 ? [] : [`States that are shown but not understood: ${unknown.join(', ')}.`];
  const told = [`Sage Intacct at ${new URL(gateway).host}, ${where}: ${read} can be read.`];
  return [...told, ...closed.map(({ message }) => message), ...english, ...others].join(' ');
}

const isListed = ({ statuses }: Kind, label: string) =>
  [...statuses.keys()].some((known) => known.toLowerCase() === label.toLowerCase());
