import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { BillFields, BillView } from '../../sandbox/acumatica/index.ts';
import { type CardMessage, type Product, people, type RouteGiven } from './product.ts';
import { waitUntil } from './wait.ts';

/** A feed that reads only when a case asks for it. */
export const onlyWhenAsked = '0 0 1 1 *';

/** Routes for a product whose cases bring their own. */
export const ownLanesOnly: RouteGiven[] = [{ conditions: { vendors: ['NOBODY'] } }];

/** A channel with its own route and vendor, so that no case waits for another one's second. */
export interface TestLane {
  channel: string;
  vendor: string;
  routeId: string;
}

export interface LaneGiven extends RouteGiven {
  private?: boolean;
  /** Whether the bot is in the channel; default true. */
  bot?: boolean;
}

let count = 0;

/** Adds a channel and a route to it, for the bills of one vendor of its own. */
export async function ownLane(product: Product, given: LaneGiven = {}): Promise<TestLane> {
  count += 1;
  const vendor = `V${String(count).padStart(4, '0')}`;
  const { state } = product.sandbox.slack;
  const channel = state.roster.addChannel({ name: `lane-${count}`, private: given.private ?? false });
  if (given.bot ?? true) channel.members.add(state.installation.botUserId);
  const [route] = await product.database
    .db('routes')
    .insert({
      connection_id: product.connectionId,
      name: `${channel.name} ${randomUUID()}`,
      position: count,
      kind: 'bill',
      conditions: JSON.stringify({ vendors: [vendor], ...given.conditions }),
      channel: channel.id,
      deciders: JSON.stringify(given.deciders ?? [{ user: people.director }, { user: people.controller }]),
      actions: given.actions ?? ['approve', 'reject'],
      burst: given.burst ?? 20,
      digest_cadence: given.digest ?? null,
      act_as: given.act_as ?? 'service',
      custom_fields: given.custom_fields ?? [],
    })
    .returning('id');
  return { channel: channel.id, vendor, routeId: String(route.id) };
}

export interface Posted {
  bill: BillView;
  card: CardMessage;
  lane: TestLane;
}

/** A bill of the lane's vendor, waiting for approval unless told otherwise. It is not read yet. */
export function addBill(product: Product, lane: TestLane, fields: BillFields = {}): BillView {
  return product.sandbox.acumatica.addBill({
    status: 'Pending Approval',
    amount: '1000.00',
    vendor: lane.vendor,
    vendorName: 'Ashworth & Sons',
    ...fields,
  });
}

/** A bill in a lane of its own, and the card that it became. */
export async function postBill(product: Product, fields: BillFields = {}, given: LaneGiven = {}): Promise<Posted> {
  const lane = await ownLane(product, given);
  const bill = addBill(product, lane, fields);
  await product.readNow();
  return { bill, lane, card: await product.card(bill.ref, () => true, { channel: lane.channel }) };
}

/** The card as it is once `accept` likes it. */
export function cardNow(product: Product, { bill, lane }: Posted, accept: (card: CardMessage) => boolean = () => true) {
  return product.card(bill.ref, accept, { channel: lane.channel });
}

/** The ids of the buttons that a card has. */
export function buttonsOf(card: CardMessage): string[] {
  return [...JSON.stringify(card.blocks).matchAll(/"action_id":"([a-z_]+)"/g)].map((match) => match[1] ?? '');
}

/** What a person was told in private: in channels where only they see it, and in direct messages. */
export function toldTo(product: Product, user: string): string[] {
  const { slack } = product.sandbox;
  return slack
    .channels()
    .filter(({ isDirect, members }) => !isDirect || members.includes(user))
    .flatMap(({ id, isDirect }) =>
      slack.messages(id).filter((message) => (isDirect ? message.botId !== undefined : message.ephemeralTo === user)),
    )
    .map((message) => message.text);
}

/** Waits until a person was told something in private. */
export function isTold(product: Product, user: string, words: string, timeoutMs = 10_000): Promise<string> {
  const what = () => `${user} is told “${words}”; they were told: ${toldTo(product, user).join(' | ')}`;
  return waitUntil(() => toldTo(product, user).find((text) => text.includes(words)), { what, timeoutMs });
}

export interface DecisionRow {
  id: string;
  action: string;
  person: string;
  state: string;
  outcome: string | null;
  message: string | null;
}

/** The decisions on a bill, once so many of them have ended. */
export function decisionsOn(product: Product, bill: BillView, ended = 1, timeoutMs = 10_000): Promise<DecisionRow[]> {
  const read = () =>
    product.database
      .db('decisions as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .where('d.reference', bill.ref)
      .orderBy('x.id')
      .select<DecisionRow[]>('x.id', 'x.action', 'x.person', 'x.state', 'x.outcome', 'x.message');
  return waitUntil(
    async () => {
      const rows = await read();
      return rows.filter((row) => ['done', 'refused', 'dead'].includes(row.state)).length >= ended ? rows : undefined;
    },
    {
      what: () => `${ended} ended decisions on ${bill.ref}; the log says:\n${product.logLines.slice(-25).join('')}`,
      timeoutMs,
    },
  );
}

/** How often the ERP was asked to act, whatever it answered. */
export function timesAsked(product: Product): number {
  return Object.entries(product.sandbox.acumatica.counters.requests)
    .filter(([kind]) => kind.startsWith('action.'))
    .reduce((sum, [, times]) => sum + times, 0);
}

/** The audit events of a bill, oldest first. */
export async function auditOf(
  product: Product,
  bill: BillView,
): Promise<Array<{ kind: string; actor: string | null; data: Record<string, unknown> }>> {
  return product.database
    .db('audit_events as e')
    .join('documents as d', 'd.id', 'e.document_id')
    .where('d.reference', bill.ref)
    .orderBy('e.id')
    .select('e.kind', 'e.actor', 'e.data');
}

/** Lets what waits for a second try be tried now. */
export async function hurry(product: Product): Promise<void> {
  const { db } = product.database;
  await db.raw(
    `update decisions set next_attempt_at = null where state in ('stored', 'acting') and next_attempt_at is not null`,
  );
  await db.raw(`update lanes set next_attempt_at = '-infinity' where next_attempt_at > now()`);
  await db.raw(
    `select graphile_worker.add_job('sweep', json_build_object('id', 'all'), job_key := 'sweep:all', max_attempts := 5)`,
  );
}

/** Fails if a log line or anything that Slack was sent holds a secret of the ERP, of the app or of the workspace. */
export function expectNoSecret(product: Product): void {
  const site = product.sandbox.acumatica.describe();
  const { settings } = product;
  const { state } = product.sandbox.slack;
  const secrets = [
    site.clientSecret,
    ...site.users.map((user) => user.password),
    settings.slackClientSecret,
    settings.slackSigningSecret,
    settings.slackStateSecret,
    settings.encryptionKeys,
    ...state.installation.activeTokens().map((token) => token.value),
  ];
  const sent = product.sandbox.slack.channels().flatMap(({ id }) => product.sandbox.slack.messages(id));
  const everything = [...product.logLines, JSON.stringify(sent)].join('\n');
  for (const secret of secrets)
    expect(everything.includes(secret), `a secret in the log or in Slack: ${secret}`).to.equal(false);
}
