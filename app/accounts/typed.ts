import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Connector, ErpConnection } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import { credentialsOf } from '../connections/sealed.ts';
import { NextStepError, ReconnectError } from '../domain/errors.ts';
import { createMeter } from '../metering/meter.ts';
import { forAPerson } from '../metering/purpose.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { formFields } from '../setup/fields.ts';
import { createHeldState, type HeldState } from '../setup/held-state.ts';
import type { Keyring } from '../storage/keyring.ts';
import { createAccounts, linkAccount } from './accounts.ts';

export interface TypedDeps {
  db: Knex;
  keyring: Keyring;
  http: ErpHttp;
  connectorById: (id: string) => Connector | undefined;
  log: Logger;
}

export interface TypedLinking {
  installationId: string;
  person: string;
  connectionId: string;
  /** As typed, by field. */
  typed: Record<string, string>;
}

/** What came of it: linked, or what is wrong, by field; `problem` belongs to none of them. */
export type TypedOutcome =
  | { linked: { erp: string; connection: string; user: string } }
  | { byField: Record<string, string> }
  | { problem: string };

export interface TypedLogins {
  /** Signs in with what a person typed, and links the account if that works. Nothing typed is kept otherwise. */
  link(linking: TypedLinking): Promise<TypedOutcome>;
}

const signInMs = 30_000;
/** After so many refusals in a row somebody waits: guessing at a colleague's password, or about to lock their own. */
const refusalsMost = 5;
const waitMs = 15 * 60_000;

const gone = 'That connection is not there any more, so nothing was done.';
const tooMany = 'The ERP refused this several times. Wait a quarter of an hour, or ask your ERP administrator first.';
const taken =
  'This account is linked to somebody else already, and two people behind one would count as one approver. Nothing was linked.';
const unexpected = 'That did not work just now, and nothing was linked. Try again in a minute.';

export function createTypedLogins(deps: TypedDeps, now = () => Date.now()): TypedLogins {
  const { db, keyring, http, connectorById, log } = deps;
  const refusals = new Map<string, { count: number; at: number }>();

  const isHeldOff = (key: string) => {
    const seen = refusals.get(key);
    if (seen && seen.at + waitMs <= now()) refusals.delete(key);
    return (refusals.get(key)?.count ?? 0) >= refusalsMost;
  };

  return {
    async link({ installationId, person, connectionId, typed }) {
      const row = /^[0-9a-f-]{36}$/.test(connectionId)
        ? await db('connections').where({ id: connectionId, installation_id: installationId }).first()
        : undefined;
      const connector: Connector | undefined = row && connectorById(row.connector);
      const typedLogin = connector?.typedLogin;
      if (!row || !connector || !typedLogin) return { problem: gone };
      const key = `${connectionId}/${person}`;
      if (isHeldOff(key)) return { problem: tooMany };
      const login = typedLogin.fields.safeParse(typed);
      if (!login.success) return { byField: missing(login.error.issues.map(({ path }) => String(path[0]))) };

      const credentials = credentialsOf(keyring, connector, row);
      const state = createHeldState({ login: login.data });
      const budget = connector.budget?.(row.settings);
      const context = {
        ...{ credentials, http, state, now: () => Date.now() },
        ...(budget ? { meter: createMeter(db, row, budget) } : {}),
      };
      const signal = AbortSignal.timeout(signInMs);
      let user: string;
      try {
        ({ user } = await forAPerson(() => typedLogin.check({ ...context, signal })));
      } catch (error) {
        if (error instanceof ReconnectError)
          refusals.set(key, { count: (refusals.get(key)?.count ?? 0) + 1, at: now() });
        const event = { kind: 'account.refused', installationId, connectionId, actor: person };
        await recordEvents(db, [{ ...event, data: { why: error instanceof NextStepError ? error.field : null } }]);
        return placed(error, connector, log);
      }
      refusals.delete(key);
      const id = randomUUID();
      const linking = { installationId, connectionId, person, user, state: state.held() ?? {} };
      if ((await linkAccount(db, keyring, linking, id)) === 'taken') {
        await leave(connector.connect(context), state);
        return { byField: { [Object.keys(typedLogin.fields.shape)[0] ?? '']: taken } };
      }
      // The session that tried it out is theirs, and ends like any other of theirs when it was idle for a while.
      await createAccounts(db, keyring).use(id);
      return { linked: { erp: connector.title, connection: row.name, user } };
    },
  };
}

const missing = (fields: string[]) => Object.fromEntries(fields.map((field) => [field, 'Fill this in.']));

function placed(error: unknown, { typedLogin }: Connector, log: Logger): TypedOutcome {
  if (!(error instanceof NextStepError)) {
    log.error('an account was not linked', { error });
    return { problem: unexpected };
  }
  const fields = formFields(typedLogin?.fields as NonNullable<Connector['typedLogin']>['fields']);
  const { field, message } = error;
  const fitting = fields.filter(({ name, problems }) => field && (name === field || problems.includes(field)));
  if (fitting.length === 0) return { problem: message };
  return { byField: Object.fromEntries(fitting.map(({ name }) => [name, message])) };
}

async function leave(erp: ErpConnection, state: HeldState): Promise<void> {
  try {
    await erp.signOut?.(AbortSignal.timeout(signInMs), state);
  } catch {
    // The ERP ends the session by itself in time.
  } finally {
    await erp.close();
  }
}
