import type { ConnectContext, ControlRow } from '../connector.ts';
import type { Api } from './api.ts';
import type { IntacctCredentials } from './credentials.ts';
import { readHeader } from './document.ts';
import { lastNo, moment, rowsOf } from './fields.ts';
import { kindInWords } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import type { Profiles } from './profile.ts';
import { allOf, greaterThan, query } from './query.ts';
import { changedSince, showsPrivate } from './reader.ts';

const dayMs = 24 * 3_600_000;
/** The most that a page can hold, since each is billed. */
const pageSize = 2000;

/**
 * Every record in slim rows, by the number of the last one. The amount of a journal is the sum of its lines, which no
 * list tells.
 */
export async function* readControl(
  {
    credentials,
    now,
    api,
    profiles,
  }: Pick<ConnectContext<IntacctCredentials>, 'credentials' | 'now'> & {
    api: Api;
    profiles: Profiles;
  },
  kind: Kind,
  since: string | null,
  signal: AbortSignal,
): AsyncGenerator<ControlRow[]> {
  const profile = await profiles.current(signal);
  const { object, fields } = kind;
  const firstRead = now() - credentials.read_from_days * dayMs;
  const changed = changedSince(profile, kind, since === null ? firstRead : Math.min(Date.parse(since), firstRead));
  const { type = [], reference = [], amount = [], currency = [], branch = [] } = fields;
  const slim = ['RECORDNO', 'STATE', 'WHENMODIFIED', ...type, ...reference, ...amount, ...currency, ...branch];
  for (let after: string | null = null; ; ) {
    const ask = query({
      object,
      fields: profile.fields(object, slim),
      filter: after === null ? changed : allOf(changed, greaterThan('RECORDNO', after)),
      pageSize,
      showPrivate: showsPrivate(credentials),
    });
    const { results } = await api.ask([{ ask, what: kindInWords(kind) }], signal);
    const rows = results[0] === undefined ? [] : rowsOf(results[0], object);
    if (rows.length > 0)
      yield rows.map((row) => {
        const { key, type, reference, ...values } = readHeader(row, kind);
        const modifiedAt = moment(row, 'WHENMODIFIED', profile.format);
        return {
          ...{ key, type, reference },
          values: kind.lines?.sided ? null : values,
          modifiedAt: modifiedAt === null ? null : new Date(modifiedAt).toISOString(),
        };
      });
    after = lastNo(rows, object, after);
    if (after === null || rows.length < pageSize) return;
  }
}
