import { addBill, ownLane, type TestLane } from './lanes.ts';
import { type CardMessage, type Product, people } from './product.ts';
import { waitUntil } from './wait.ts';

/** A cadence whose tick comes only when a case says so. */
export const yearly = '0 0 1 1 *';

/** What stands in the lane's channel for all to see, oldest first. */
export function messagesIn(product: Product, { channel }: Pick<TestLane, 'channel'>): CardMessage[] {
  return (product.sandbox.slack.visibleMessages(channel, people.director) as unknown as CardMessage[])
    .filter((message) => !message.ephemeral)
    .map((message) => ({ ...message, channel }));
}

export const blocksOf = (message: CardMessage): string => JSON.stringify(message.blocks);

/** A digest of the lane once there is one that `accept` likes. */
export function digestIn(
  product: Product,
  lane: Pick<TestLane, 'channel'>,
  accept: (blocks: string) => boolean = () => true,
): Promise<CardMessage> {
  return waitUntil(() => messagesIn(product, lane).find((message) => accept(blocksOf(message))), {
    what: () =>
      `the digest; there is: ${messagesIn(product, lane).map(blocksOf).join('\n')}\n${product.logLines.slice(-15).join('')}`,
  });
}

/** A lane whose route gathers its documents, planned and waiting for its tick. */
export async function gatheringLane(product: Product, given: Parameters<typeof ownLane>[1] = {}): Promise<TestLane> {
  const lane = await ownLane(product, { digest: yearly, ...given });
  await planned(product, lane);
  return lane;
}

/** Bills of the lane, read and gathered: an amount each, in GBP unless it says otherwise. */
export async function gather(product: Product, lane: TestLane, amounts: string[]): Promise<string[]> {
  const refs = amounts.map((amount) => {
    const [value, currency = 'GBP'] = amount.split(' ');
    return addBill(product, lane, { amount: value, currency }).ref;
  });
  await product.readNow();
  await waitUntil(
    async () => {
      const rows = await cardsOf(product, lane).whereIn('d.reference', refs).select('c.id');
      return rows.length === refs.length;
    },
    { what: `${refs.length} bills to be read` },
  );
  return refs;
}

/** The card rows of the lane's route, with their documents as `d`. */
export function cardsOf({ database }: Product, { routeId }: Pick<TestLane, 'routeId'>) {
  return database
    .db('cards as c')
    .join('documents as d', 'd.id', 'c.document_id')
    .where('c.route_id', routeId)
    .orderBy('c.id');
}

/** The ticks of a route as they are kept. */
export const ticksOf = ({ database }: Product, { routeId }: Pick<TestLane, 'routeId'>) =>
  database.db('route_digests').where({ route_id: routeId }).first();

/** Waits until the app counts the route's ticks by its present cadence. */
export async function planned(product: Product, lane: Pick<TestLane, 'routeId'>): Promise<void> {
  const { db } = product.database;
  await db.raw(`select pg_notify('countersign_schedule', '')`);
  const route = await db('routes').where({ id: lane.routeId }).first('digest_cadence');
  await waitUntil(async () => (await ticksOf(product, lane))?.plan === `${route.digest_cadence} Europe/London`, {
    what: 'the route to be planned',
  });
}

/** Has the tick of a route come: an hour ago, as for a process that was down. */
export async function missTick({ database }: Product, { routeId }: Pick<TestLane, 'routeId'>): Promise<void> {
  await database
    .db('route_digests')
    .where({ route_id: routeId })
    .update({ due_at: database.db.raw(`now() - interval '1 hour'`) });
}

/** Has the tick of a route come, and waits until it is dealt with. */
export async function tick(product: Product, lane: Pick<TestLane, 'routeId'>): Promise<void> {
  const { db } = product.database;
  await missTick(product, lane);
  await db.raw(
    `select graphile_worker.add_job('digest', json_build_object('id', :id::text), job_key := 'digest:' || :id::text)`,
    { id: lane.routeId },
  );
  await waitUntil(async () => (await ticksOf(product, lane)).due_at > new Date(), {
    what: 'the tick to be dealt with',
  });
}
