import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../sandbox/start.ts';
import { serve } from './serve.ts';

/**
 * The simulated Slack and Acumatica as a process of their own, with stopwatches at both ends of the way through the
 * app: where a bill appears and its card arrives, where a click leaves and the ERP is asked.
 */
const sandbox = await startSandbox({
  scenario: {
    clockRuns: false,
    slack: { limits: 'pace-only' },
    // Every round signs in anew; seats are not what is measured.
    acumatica: { seedBills: 0, settings: { apiUsers: null } },
  },
});
const { slack, acumatica } = sandbox;
const { views } = slack.state;
const publish = views.publish.bind(views);
let homesPublished = 0;
views.publish = (...given) => {
  homesPublished += 1;
  return publish(...given);
};

serve({
  describe: () => ({ url: sandbox.url, slack: slack.describe(), acumatica: acumatica.describe() }),
  setRequestUrl: (url: string) => slack.setRequestUrl(url, { verify: false }),
  inviteBot: (channel: string) => slack.setBotMember(channel, true),
  /** Bills changed within the hour before last, a hundred at each moment. */
  addBills(count: number) {
    const hourMs = 3_600_000;
    const from = Date.now() - 2 * hourMs;
    for (let made = 0; made < count; made += 100) {
      const modifiedAt = from + Math.floor((made / count) * hourMs);
      acumatica.addBills(Math.min(100, count - made), { modifiedAt });
    }
  },
  requests: () => acumatica.counters.requests,

  /** Adds a bill and waits for its card: ms from the one to the other. */
  async billToCard(channel: string): Promise<{ reference: string; ts: string; ms: number }> {
    const addedAt = performance.now();
    const { ref: reference } = acumatica.addBill({ status: 'Pending Approval' });
    for (;;) {
      const card = slack.messages(channel).findLast((message) => message.text.includes(reference));
      if (card) return { reference, ts: card.ts, ms: performance.now() - addedAt };
      if (performance.now() - addedAt > 60_000) throw new Error(`no card of ${reference} within a minute`);
      await sleep(1);
    }
  },

  addBill: () => acumatica.addBill({ status: 'Pending Approval' }).ref,

  addPeople: (count: number) =>
    Array.from({ length: count }, () => slack.state.roster.addUser({ name: 'somebody' }).id),

  homesPublished: () => homesPublished,

  openHome: (user: string) => void slack.openHome(user),

  /** Opens a Home and waits until it was published for that: ms from the one to the other, and the view. */
  async openToPublished(user: string): Promise<{ ms: number; view: unknown }> {
    const before = slack.home(user)?.hash;
    const openedAt = performance.now();
    slack.openHome(user);
    for (;;) {
      const home = slack.home(user);
      if (home && home.hash !== before) return { ms: performance.now() - openedAt, view: home.definition };
      if (performance.now() - openedAt > 60_000) throw new Error(`no Home of ${user} within a minute`);
      await sleep(1);
    }
  },

  /** Clicks and waits until Acumatica has carried the action out: ms from the one to the other, and to the ack. */
  async clickToErp(click: { reference: string; ts: string; channel: string; actionId: string }) {
    const { promise, resolve } = Promise.withResolvers<number>();
    const unsubscribe = acumatica.onChange((event) => {
      if (event.kind === 'changed' && event.bill.ref === click.reference) resolve(performance.now());
    });
    const clickedAt = performance.now();
    const acked = slack.click({
      user: 'U0FINDIR01',
      channel: click.channel,
      messageTs: click.ts,
      actionId: click.actionId,
    });
    const tooLong = sleep(30_000, null, { ref: false });
    const actedAt = await Promise.race([promise, tooLong]);
    unsubscribe();
    if (actedAt === null)
      throw new Error(`Acumatica was not asked about ${click.reference}: ${JSON.stringify(await acked)}`);
    return { ms: actedAt - clickedAt, ackMs: (await acked).ms };
  },
});
