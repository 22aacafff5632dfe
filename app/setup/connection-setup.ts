import type { Connector } from '../../connectors/connector.ts';
import { recordEvents } from '../audit/record.ts';
import type { ErpHttp } from '../outbound/http.ts';
import { type AdminDeps, isAdmin } from '../people/admins.ts';
import { createChecks } from './checks.ts';
import { type DraftOwner, deleteDraft, endAttempt } from './drafts.ts';
import type { Entered } from './entered.ts';
import type { ConnectionForm, FormMetadata } from './form.ts';
import { openDraft, openExisting, openNew, openOther } from './open-form.ts';
import { openSession, readStored } from './stored.ts';
import { type Later, type Outcome, type SubmitDeps, submitConnection } from './submit.ts';

/** Somebody who is no administrator asked; nothing was done and it is in the audit record. */
export const notForYou =
  'Only administrators may do this, so nothing was done. Ask whoever installed the app, or a workspace admin.';

/** How administrators set connections up in Slack. Whether somebody is one is asked anew by each of these. */
export interface ConnectionSetup {
  /** The form for a new connection (null), or for one that there is. */
  open(owner: DraftOwner, connectionId: string | null): Promise<Opened>;
  submit(
    owner: DraftOwner,
    sent: { metadata: FormMetadata; entered: Entered },
    hooks: { onKept: () => void; abandoned: AbortSignal },
  ): Promise<Outcome>;
  /** Ends what is being tested and gives the form back with all that was typed. */
  takeBack(owner: DraftOwner, metadata: FormMetadata): Promise<Opened>;
  /** Forgets what was typed and gives the form with what is stored now. */
  showStored(owner: DraftOwner, metadata: FormMetadata): Promise<Opened>;
  chooseErp(owner: DraftOwner, sent: { metadata: FormMetadata; entered: Entered }, erp: string): Promise<Opened>;
  /** The form was closed: what was typed is forgotten, what is being tested is not saved. */
  close(owner: DraftOwner, metadata: FormMetadata): Promise<void>;
  /** Ends the ERP session of a connection that is not read any more. */
  signOut(installationId: string, connectionId: string): Promise<void>;
  /** Ends what is being tested. */
  stop(): void;
}

export type Opened = { form: ConnectionForm } | { refused: string };

export interface SetupDeps extends AdminDeps, Omit<SubmitDeps, 'checks'> {
  http: ErpHttp;
  connectors: readonly Connector[];
  later: Later;
  /** What the time zone of a new connection begins with. */
  timeZoneOf: (installationId: string, person: string) => Promise<string>;
  /** No test takes longer than this. */
  longestMs: number;
}

const gone = { refused: 'This connection is not there any more. Look at the list as it is now.' };
const over = {
  refused: 'What you entered is not kept any more: it was saved, or the form was closed, or an hour has passed.',
};

export function createConnectionSetup(deps: SetupDeps): ConnectionSetup {
  const { db, keyring, connectors, later } = deps;
  const checks = createChecks(deps);

  async function mayNot({ installationId, person }: DraftOwner, asked: string): Promise<boolean> {
    if (await isAdmin(deps, installationId, person)) return false;
    await recordEvents(db, [{ kind: 'administration.refused', installationId, actor: person, data: { asked } }]);
    return true;
  }

  return {
    async open(owner, connectionId) {
      if (await mayNot(owner, connectionId ? 'edit_connection' : 'add_connection')) return { refused: notForYou };
      const form = connectionId
        ? await openExisting(deps, owner, connectionId)
        : await openNew(deps, owner, await deps.timeZoneOf(owner.installationId, owner.person));
      return form ? { form } : gone;
    },
    async submit(owner, { metadata, entered }, hooks) {
      if (await mayNot(owner, 'save_connection')) {
        await deleteDraft(db, owner, metadata.draft);
        return { kind: 'refused', why: notForYou };
      }
      return submitConnection({ ...deps, checks }, { owner, metadata, entered }, { ...hooks, later });
    },
    async takeBack(owner, { draft }) {
      if (await mayNot(owner, 'add_connection')) return { refused: notForYou };
      if (await endAttempt(db, owner, draft)) checks.cancel(draft);
      const form = await openDraft(deps, owner, draft);
      return form ? { form: { ...form, isRestored: false } } : over;
    },
    async showStored(owner, { draft, connection }) {
      if (await mayNot(owner, 'edit_connection')) return { refused: notForYou };
      await deleteDraft(db, owner, draft);
      const form = connection && (await openExisting(deps, owner, connection, { asStored: true }));
      return form ? { form } : gone;
    },
    async chooseErp(owner, { metadata, entered }, erp) {
      if (await mayNot(owner, 'add_connection')) return { refused: notForYou };
      const form = await openOther(deps, entered, metadata, erp);
      return form ? { form } : gone;
    },
    async close(owner, { draft }) {
      if (!(await deleteDraft(db, owner, draft))) return;
      checks.cancel(draft);
      checks.takeSpent(draft);
    },
    async signOut(installationId, id) {
      const stored = await readStored(db, { installationId, id });
      const connector = connectors.find((each) => each.id === stored?.connector);
      const session = stored && connector ? openSession(keyring, connector, stored) : null;
      if (!session) return;
      await db('connections').where({ id, status: 'paused' }).update({ shared_state: null });
      await checks.signOut(session.subject, session.state);
    },
    stop: () => checks.stop(),
  };
}
