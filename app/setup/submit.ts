import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import type { Connector } from '../../connectors/connector.ts';
import { credentialLines, type DesiredSetup } from '../connections/apply/plan-connection.ts';
import { countCalls } from '../metering/meter.ts';
import type { Keyring } from '../storage/keyring.ts';
import { loadPeriods } from '../summaries/plan.ts';
import type { Checks, Passed } from './checks.ts';
import { comingInWords } from './coming.ts';
import { type DraftOwner, readDraft, writeDraft } from './drafts.ts';
import { checkEntered, type Entered, hasProblems, noProblems, type Problems } from './entered.ts';
import { formFields } from './fields.ts';
import { buildForm, type ConnectionForm, type FormMetadata } from './form.ts';
import { auditMark, othersChanges } from './others-changes.ts';
import { placeProblem } from './place-problem.ts';
import { isNameTaken, saveConnection } from './save.ts';
import { openSecrets, openSession, readStored, type StoredConnection } from './stored.ts';

export interface SubmitDeps {
  db: Knex;
  keyring: Keyring;
  checks: Checks;
  connectors: readonly Connector[];
  log: Logger;
}

export interface Submission {
  owner: DraftOwner;
  metadata: FormMetadata;
  entered: Entered;
}

/** What came of sending a form off. */
export type Outcome =
  /** Something is wrong or to be decided: the form again, with it. */
  | { kind: 'form'; form: ConnectionForm }
  | {
      kind: 'saved';
      connectionId: string;
      name: string;
      summary: string | null;
      isNew: boolean;
      isPaused: boolean;
      /** Somebody has to consent on the ERP's page before it is read. */
      toConnect: boolean;
      /** When summaries come, in words; null where there are none. */
      coming: string | null;
    }
  /** It cannot be saved at all. */
  | { kind: 'refused'; why: string }
  /** The form was closed, taken back or sent off again meanwhile: nothing is to be shown. */
  | { kind: 'superseded' };

/** Where work goes on after the answer; a stop waits for it. */
export type Later = (work: Promise<unknown>) => void;

/**
 * Checks, tests and saves what was entered. `onKept` is called once it is stored so that no process's end loses it; what
 * is `abandoned` by then goes no further.
 */
export async function submitConnection(
  deps: SubmitDeps,
  { owner, metadata, entered }: Submission,
  { onKept, abandoned, later }: { onKept: () => void; abandoned: AbortSignal; later: Later },
): Promise<Outcome> {
  const { db, keyring, connectors, checks } = deps;
  const { installationId } = owner;
  const connector = connectors.find(({ id }) => id === metadata.connector);
  if (!connector) return refused(otherVersion);
  const stored = metadata.connection ? await readStored(db, { installationId, id: metadata.connection }) : null;
  if (metadata.connection && stored?.connector !== connector.id) return refused(gone);

  const draft = await readDraft(db, keyring, owner, metadata.draft);
  const typedBefore = draft?.entered.connector === connector.id ? draft.entered.secrets : {};
  const kept: Entered = { ...entered, secrets: { ...typedBefore, ...entered.secrets } };
  const storedSecrets = stored ? openSecrets(keyring, stored) : {};
  const periods = stored ? await loadPeriods(db, stored.id) : [];
  const formWith = (
    problems: Problems,
    more: { metadata?: FormMetadata; conflict?: ConnectionForm['conflict'] } = {},
  ) =>
    ({
      kind: 'form',
      form: buildForm({
        metadata,
        connectors,
        connector,
        entered: kept,
        stored: storedSecrets,
        problems,
        periods,
        ...more,
      }),
    }) as const;
  const keep = (attempt: string | null, version: number, since: string) => {
    const { draft: id, connection: connectionId } = metadata;
    return writeDraft(db, keyring, owner, { id, connectionId, version, since, entered: kept }, attempt);
  };

  const shape = checkEntered(connector, kept, { ...storedSecrets, ...kept.secrets });
  if ('problems' in shape) {
    // What belongs to no field is said in a form drawn anew, which must not lose what was typed.
    if (shape.problems.others.length > 0) await keep(null, metadata.version, metadata.since);
    return formWith(shape.problems);
  }
  const { desired } = shape;
  const needed = metadata.connection ? await neededKinds(db, metadata.connection, desired) : noProblems();
  if (hasProblems(needed)) return formWith(needed);
  if (await isNameTaken(db, { installationId, name: desired.name, except: metadata.connection }))
    return formWith(nameTaken(desired.name));
  if (stored && stored.version !== metadata.version) return conflict(stored);

  const attempt = randomUUID();
  if (!(await keep(attempt, metadata.version, metadata.since))) return refused(otherVersion);
  onKept();
  if (abandoned.aborted) return { kind: 'superseded' };

  let passed: Passed | undefined;
  const credentials = { ...desired.settings, ...desired.secrets };
  if (needsTest(connector, stored, desired, keyring)) {
    try {
      passed = await checks.run(metadata.draft, { connector, credentials });
    } catch (error) {
      deps.log.info('a connection did not pass its test', { connector: connector.id, error });
      return (await isStillWanted(db, metadata.draft, attempt))
        ? formWith(placeProblem(error, formFields(connector.credentials)))
        : { kind: 'superseded' };
    } finally {
      if (stored) await countCalls(db, stored, checks.takeSpent(metadata.draft));
    }
  }
  const save = {
    owner,
    draftId: metadata.draft,
    attempt,
    connectionId: metadata.connection,
    version: metadata.version,
  };
  const giveBack = () => passed && later(checks.signOut({ connector, credentials }, passed.state));
  const outcome = await saveConnection(db, keyring, { ...save, desired, tested: passed }).catch((error) => {
    giveBack();
    throw error;
  });
  if (outcome.result !== 'saved') giveBack();
  switch (outcome.result) {
    case 'saved': {
      const { before, connectionId } = outcome;
      // A new connection's tests, those that failed too, are its first calls.
      const itself = { id: connectionId, time_zone: desired.timeZone };
      if (!before) await countCalls(db, itself, checks.takeSpent(metadata.draft));
      const session = passed && before ? openSession(keyring, connector, before) : null;
      if (session) later(checks.signOut(session.subject, session.state));
      const isPaused = before?.status === 'paused';
      const summary = passed?.summary ?? null;
      const isNew = before === null;
      const toConnect = isNew && signsInByConsent(connector, desired);
      const coming = comingInWords('summary', desired.feeds.summary ?? '', desired.timeZone, periods);
      return { kind: 'saved', connectionId, name: desired.name, summary, isNew, isPaused, toConnect, coming };
    }
    case 'superseded':
      return { kind: 'superseded' };
    case 'gone':
      return refused(gone);
    case 'name_taken':
      return formWith(nameTaken(desired.name));
    case 'conflict': {
      const newer = metadata.connection ? await readStored(db, { installationId, id: metadata.connection }) : null;
      return newer ? conflict(newer) : refused(gone);
    }
  }

  /** Sent off once more, the form then saves over what others did: it has been shown. */
  async function conflict({ id, version }: StoredConnection): Promise<Outcome> {
    const changes = await othersChanges(db, id, metadata.since);
    const since = await auditMark(db);
    if (!(await keep(null, version, since))) return refused(otherVersion);
    onKept();
    return formWith(noProblems(), { metadata: { ...metadata, version, since }, conflict: changes });
  }
}

/**
 * What is not about signing in needs no ERP to be saved; a connection that has stopped is always tried. One that signs in
 * by consent cannot be: somebody connects it once it is saved, and a consent must not be refreshed beside its own state.
 */
function needsTest(
  connector: Connector,
  stored: StoredConnection | null,
  desired: DesiredSetup,
  keyring: Keyring,
): boolean {
  if (signsInByConsent(connector, desired)) return false;
  if (!stored || stored.status === 'broken') return true;
  return credentialLines(stored, desired, keyring).length > 0;
}

function signsInByConsent({ consent }: Connector, { settings }: DesiredSetup): boolean {
  return consent?.signsIn(settings) ?? false;
}

/** A kind that a route in force posts cannot be switched off: nothing would say why its cards come no more. */
async function neededKinds(db: Knex, connectionId: string, { feeds }: DesiredSetup): Promise<Problems> {
  const routes = await db('routes').where({ connection_id: connectionId, retired_at: null }).orderBy('position');
  const problems = noProblems();
  for (const { kind, name } of routes) {
    if (Object.hasOwn(feeds, kind)) continue;
    problems.byField[`cadence.${kind}`] ??=
      `The route “${name}” posts them, so they have to be read. Remove that route first.`;
  }
  return problems;
}

async function isStillWanted(db: Knex, id: string, attempt: string): Promise<boolean> {
  return (await db('setup_drafts').where({ id, attempt }).first('id')) !== undefined;
}

function nameTaken(name: string): Problems {
  return { byField: { name: `There is a connection “${name}” already. Give this one another name.` }, others: [] };
}

const refused = (why: string): Outcome => ({ kind: 'refused', why });
const gone = 'This connection is not there any more, so nothing was saved.';
const otherVersion =
  'This form belongs to another version of the app or to somebody else, so nothing was saved. Close it and open it again.';
