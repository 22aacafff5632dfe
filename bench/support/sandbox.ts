import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SettingsChange } from '../../sandbox/acumatica/index.ts';
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

async function cardThat(channel: string, accept: (text: string, ts: string) => boolean, withinMs = 60_000) {
  const until = performance.now() + withinMs;
  for (;;) {
    const card = slack.messages(channel).findLast(({ text, ts }) => accept(text, ts));
    if (card) return card;
    if (performance.now() > until) throw new Error(`no such card within ${withinMs} ms`);
    await sleep(1);
  }
}

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

  changeSettings: (change: SettingsChange) => acumatica.changeSettings(change),
  setPush: (destination: Parameters<typeof acumatica.setPushDestination>[0]) =>
    void acumatica.setPushDestination(destination),
  seats: () => acumatica.counters.sessions.opened,

  addChannels(names: string[]): string[] {
    return names.map((name) => {
      const channel = slack.state.roster.addChannel({ name, private: false });
      channel.members.add(slack.state.installation.botUserId);
      return channel.id;
    });
  },

  addReadyBill: () => acumatica.addBill({ status: 'Balanced' }).ref,

  /** Waits for the card of a bill. */
  async cardOf({ channel, reference }: { channel: string; reference: string }): Promise<string> {
    return (await cardThat(channel, (text) => text.includes(reference))).ts;
  },

  /** Changes so many bills, one after the other and evenly over the time. */
  async changeEvenly({ count, overMs }: { count: number; overMs: number }): Promise<void> {
    const refs = acumatica.bills().slice(0, count);
    const startedAt = performance.now();
    for (const [index, { ref }] of refs.entries()) {
      const waitMs = startedAt + (index * overMs) / count - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      acumatica.editBill(ref, { description: `Changed, number ${index}` });
    }
  },

  /** Waits until a card says the words: ms from now. */
  async cardAfter({ channel, ts, words }: { channel: string; ts: string; words: string }): Promise<number> {
    const askedAt = performance.now();
    await cardThat(channel, (text, found) => found === ts && text.includes(words), 90_000);
    return performance.now() - askedAt;
  },

  /** Clicks and waits until the card says the words: ms from the one to the other. */
  async clickToCard(click: { ts: string; channel: string; actionId: string; words: string }): Promise<number> {
    const clickedAt = performance.now();
    void slack.click({ user: 'U0FINDIR01', channel: click.channel, messageTs: click.ts, actionId: click.actionId });
    await cardThat(click.channel, (text, ts) => ts === click.ts && text.includes(click.words), 90_000);
    return performance.now() - clickedAt;
  },

  /**
   * Adds the bills of each channel's vendor at one moment. Gives when every channel had a first message, and when all
   * bills were shown: in cards, or counted in digests; ms from the moment they were there.
   */
  async burst(places: Array<{ channel: string; vendor: string; bills: number }>) {
    for (const { vendor, bills } of places)
      for (let made = 0; made < bills; made += 1)
        acumatica.addBill({ vendor, amount: '10.00', status: 'Pending Approval' });
    const there = performance.now();
    const first = new Map<string, number>();
    const messages = new Map<string, number>();
    for (;;) {
      let complete = 0;
      for (const { channel, bills } of places) {
        const found = slack.messages(channel).filter(({ threadTs }) => threadTs === undefined);
        if (found.length > 0 && !first.has(channel)) first.set(channel, performance.now() - there);
        const shown = found.reduce(
          (sum, { text }) => sum + Number(/^([\d,]+) bills/.exec(text)?.[1]?.replaceAll(',', '') ?? 1),
          0,
        );
        messages.set(channel, found.length);
        if (shown >= bills) complete += 1;
      }
      if (complete === places.length) break;
      if (performance.now() - there > 120_000) throw new Error('the burst was not shown within two minutes');
      await sleep(5);
    }
    return { firstMs: Math.max(...first.values()), allMs: performance.now() - there, messages: [...messages.values()] };
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
