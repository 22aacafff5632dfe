import type { Knex } from 'knex';
import { recordEvents } from '../audit/record.ts';
import { wantMatching } from './run.ts';

/** A person of the ERP as a form showed them. */
export interface Drawn {
  id: string;
  version: number;
  slackUser: string | null;
}

/** What somebody chose there; null says that the person is nobody in Slack. */
export interface Choice extends Drawn {
  chosen: string | null;
}

/** Somebody else has set this since the form was drawn. */
export interface Conflict {
  name: string;
  /** What it is now, and who made it so (null: the matching by e-mail). */
  slackUser: string | null;
  setBy: string | null;
}

export type Saved = { result: 'saved' } | { result: 'gone' } | { result: 'conflict'; conflicts: Conflict[] };

interface Owner {
  installationId: string;
  connectionId: string;
  /** Who does it: an administrator, as was checked. */
  actor: string;
}

interface Row {
  id: string;
  sort: string;
  key: string;
  name: string;
  slack_user: string | null;
  matched_by: string | null;
  set_by: string | null;
  version: number;
}

function lockPeople(trx: Knex.Transaction, { installationId, connectionId }: Owner, ids: string[]): Promise<Row[]> {
  return trx('people')
    .whereIn('id', ids)
    .whereIn(
      'connection_id',
      trx('connections').where({ id: connectionId, installation_id: installationId }).select('id'),
    )
    .orderBy('id')
    .forUpdate();
}

/** Sets who these people are in Slack, all of them or none. What is set so is never overwritten by the matching. */
export function setByHand(db: Knex, owner: Owner, choices: readonly Choice[]): Promise<Saved> {
  return db.transaction(async (trx): Promise<Saved> => {
    const ids = choices.map(({ id }) => id);
    const rows = new Map((await lockPeople(trx, owner, ids)).map((row) => [String(row.id), row]));
    if (choices.some(({ id }) => !rows.has(id))) return { result: 'gone' };
    const pairs = choices.map((choice) => ({ choice, row: rows.get(choice.id) as Row }));
    const conflicts = pairs.filter(
      ({ choice, row }) => row.version !== choice.version && row.slack_user !== choice.chosen,
    );
    if (conflicts.length > 0) {
      const told = conflicts.map(({ row }) => ({ name: row.name, slackUser: row.slack_user, setBy: row.set_by }));
      return { result: 'conflict', conflicts: told };
    }
    const changed = pairs.filter(({ choice, row }) => row.version === choice.version);
    for (const { choice } of changed) {
      await trx('people').where({ id: choice.id }).update({
        slack_user: choice.chosen,
        matched_by: 'hand',
        unmatched: null,
        set_by: owner.actor,
        set_at: trx.fn.now(),
      });
    }
    await recordEvents(
      trx,
      changed.map(({ choice, row }) => event(owner, row, { to: choice.chosen, by: 'hand' })),
    );
    return { result: 'saved' };
  });
}

/** Takes back what was set by hand: the e-mail says again who the person is, from the matching that this asks for. */
export function matchByEmailAgain(db: Knex, owner: Owner, id: string): Promise<boolean> {
  return db.transaction(async (trx) => {
    const [row] = await lockPeople(trx, owner, [id]);
    if (row?.matched_by !== 'hand') return false;
    const given = { slack_user: null, matched_by: null, unmatched: null, set_by: owner.actor, set_at: trx.fn.now() };
    await trx('people').where({ id }).update(given);
    await recordEvents(trx, [event(owner, row, { to: null, by: 'email' })]);
    await wantMatching(trx, owner.connectionId);
    return true;
  });
}

/** People are named by the ERP's key and by Slack's id: the record holds no address. */
function event(owner: Owner, row: Row, { to, by }: { to: string | null; by: 'hand' | 'email' }) {
  const { installationId, connectionId, actor } = owner;
  const data = { sort: row.sort, key: row.key, from: row.slack_user, to, by };
  return { kind: 'person.matched', installationId, connectionId, actor, data };
}
