import { randomUUID } from 'node:crypto';
import type { DocumentKind } from '../../app/domain/document.ts';
import type { Database } from '../../app/storage/database.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { testKeyring } from './database.ts';

export interface IntacctRoute {
  name: string;
  kind?: DocumentKind;
  channel: string;
  conditions?: Record<string, unknown>;
  mentions?: string[];
  severity?: string;
  burst?: number;
  digest?: string;
}

export interface IntacctGiven {
  routes: IntacctRoute[];
  /** What is read; exceptions unless given. */
  kinds?: DocumentKind[];
  cadence?: string;
  credentials?: Record<string, unknown>;
}

/** A connection to the simulated Intacct company with its routes, as `apply` would leave it. Gives its id. */
export async function connectCompany(db: Database, sandbox: Sandbox, given: IntacctGiven): Promise<string> {
  const { url, senderId, senderPassword, companyId, users } = sandbox.intacct.describe();
  const user = users.find(({ role }) => role === 'service');
  const installation = await db('installations').first('id');
  const id = randomUUID();
  await db('connections').insert({
    ...{ id, installation_id: installation.id, name: `ledger ${id}`, connector: 'intacct', time_zone: 'Europe/London' },
    settings: JSON.stringify({
      ...{ gateway: url, sender_id: senderId, company_id: companyId, user_id: user?.userId, ...given.credentials },
    }),
    secret: testKeyring().encrypt(
      JSON.stringify({ sender_password: senderPassword, password: user?.password }),
      `connections:${id}:secret`,
    ),
  });
  await db('routes').insert(
    given.routes.map(({ kind = 'exception', conditions = {}, digest = null, burst = 20, ...route }, position) => ({
      ...{ connection_id: id, position, kind, burst, digest_cadence: digest, deciders: '[]', actions: [], ...route },
      conditions: JSON.stringify(conditions),
    })),
  );
  const cadence = given.cadence ?? '0 0 1 1 *';
  await db('feeds').insert((given.kinds ?? ['exception']).map((kind) => ({ connection_id: id, kind, cadence })));
  await db.raw(`select pg_notify('countersign_schedule', '')`);
  return id;
}
