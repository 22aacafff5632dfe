import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { sealEvents } from '../../app/audit/seal.ts';
import { verifyAudit } from '../../app/audit/verify.ts';
import { install } from '../../demo/install.ts';
import { freePort } from '../../demo/processes.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type FreshDatabase, freshDatabase, testKeys } from '../support/database.ts';
import { channels, connectTreasury, people } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { type Fleet, startFleet } from './fleet.ts';

const chaosMs = 40_000;
const processes = 3;
const places = [channels.approvals, channels.large, channels.treasury];
/** A route that gathers: bills from this amount on are in digests, in a channel of their own. */
const gathered = { channel: 'C0GENERAL0', from: 3_000, everySeconds: 3 };

interface Acked {
  ref: string;
  action: string;
}

describe('Three processes on one database, killed at random while documents change and people click', function () {
  this.timeout(240_000);
  let sandbox: Sandbox;
  let database: FreshDatabase;
  let fleet: Fleet;
  const acked: Acked[] = [];
  let killed = 0;
  let codes: number[] = [];

  before(async () => {
    sandbox = await startSandbox({
      scenario: {
        clockRuns: false,
        slack: { inviteBotTo: [...places, gathered.channel], limits: 'pace-only' },
        acumatica: {
          seedBills: 0,
          // Two steps, both open to the service account: a click carried out twice would approve both.
          settings: { approvalMap: ['amara.okafor', 'jonas.weber'], serviceAccountApproves: 'always', apiUsers: 50 },
        },
      },
    });
    database = await freshDatabase();
    const about = sandbox.slack.describe();
    const ports = [await freePort(0), await freePort(0), await freePort(0)];
    fleet = await startFleet(processes, ports, (port, publicUrl) => ({
      SLACK_CLIENT_ID: about.clientId,
      SLACK_CLIENT_SECRET: about.clientSecret,
      SLACK_SIGNING_SECRET: about.signingSecret,
      SLACK_STATE_SECRET: 'a-state-secret-for-tests-only',
      SLACK_API_URL: `${sandbox.url}/api/`,
      SLACK_AUTHORIZE_URL: `${sandbox.url}/oauth/v2/authorize`,
      ENCRYPTION_KEYS: testKeys,
      PUBLIC_URL: publicUrl,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      LEASE_SECONDS: '3',
      SWEEP_SECONDS: '2',
      UPDATES_PER_MINUTE: '6000',
      LOG_FORMAT: 'json',
    }));
    await fleet.ready();
    await sandbox.slack.setRequestUrl(`${fleet.url}/slack/events`, { verify: true });
    await install(fleet.url);
    await connectTreasury(database.db, sandbox, {
      routes: [
        ...places.map((channel, index) => ({
          channel,
          conditions: { amountAtLeast: String(index * 1_000), amountBelow: String((index + 1) * 1_000) },
          burst: 10_000,
        })),
        {
          channel: gathered.channel,
          conditions: { amountAtLeast: String(gathered.from) },
          digest: `*/${gathered.everySeconds} * * * * *`,
        },
      ],
    });
    await chaos();
    await waitUntil(settled, { what: 'everything to settle', timeoutMs: 120_000 });
    killed = fleet.kills;
    codes = await fleet.stop();
  });

  after(async () => {
    await fleet?.stop();
    await sandbox?.stop();
    await database?.drop();
  });

  async function chaos(): Promise<void> {
    const until = performance.now() + chaosMs;
    const pending: Promise<unknown>[] = [];
    for (let step = 0; performance.now() < until; step += 1) {
      if (step % 4 === 0)
        sandbox.acumatica.addBill({ amount: `${200 + (step % 3) * 1_000}.50`, status: 'Pending Approval' });
      if (step % 4 === 2) sandbox.acumatica.addBill({ amount: `${gathered.from}.50`, status: 'Pending Approval' });
      if (step % 5 === 0) editOne();
      if (step % 3 === 0) pending.push(clickOne());
      if (step % 13 === 12) fleet.kill(Math.floor(Math.random() * processes), 500 + Math.random() * 1_500);
      await sleep(150 + Math.random() * 150);
    }
    await Promise.all(pending);
    await fleet.ready();
  }

  function editOne(): void {
    const bill = pick(sandbox.acumatica.bills());
    if (!bill) return;
    const isGathered = Number(bill.amount) >= gathered.from;
    sandbox.acumatica.editBill(bill.ref, {
      description: `Edited ${Math.random().toString(36).slice(2, 8)}`,
      ...(isGathered ? { amount: `${gathered.from + Math.floor(Math.random() * 900)}.50` } : {}),
    });
  }

  async function clickOne(): Promise<void> {
    const channel = pick(places) ?? '';
    const messages = sandbox.slack.visibleMessages(channel, people.director) as Array<{
      ts: string;
      text: string;
      blocks?: unknown[];
    }>;
    const open = messages.filter((message) => JSON.stringify(message.blocks ?? []).includes('decide_approve'));
    const message = pick(open);
    const ref = /\b(\d{6})\b/.exec(message?.text ?? '')?.[1];
    if (!message || !ref) return;
    const user = pick([people.director, people.controller]) ?? '';
    const click = await sandbox.slack
      .click({ user, channel, messageTs: message.ts, actionId: 'decide_approve' })
      .catch(() => undefined);
    if (click?.acked) acked.push({ ref, action: 'approve' });
  }

  const cardBills = () => sandbox.acumatica.bills().filter((bill) => Number(bill.amount) < gathered.from);

  /** Every edit has been read (each description is the last one given) and no row waits for anybody. */
  async function settled(): Promise<boolean> {
    const { db } = database;
    const open = await db('decisions').whereIn('state', ['stored', 'acting']).first('id');
    const lines = await db('thread_lines').whereIn('state', ['pending', 'posting', 'uncertain']).first('id');
    const cards = await db('cards')
      .whereRaw(
        `state in ('pending', 'posting', 'uncertain') or (state <> 'digested' and posted_version < desired_version)
          or (state = 'digested' and digest_id is null)`,
      )
      .first('id');
    const known = await db('documents').select('key', 'data');
    const byRef = new Map(known.map((row) => [row.data.reference, row.data]));
    const fresh = sandbox.acumatica
      .bills()
      .every(
        (bill) => byRef.get(bill.ref)?.description === bill.description && byRef.get(bill.ref)?.status === bill.status,
      );
    return !open && !lines && !cards && fresh;
  }

  it('killed processes, and acknowledged clicks meanwhile', () => {
    expect(killed).to.be.greaterThan(4);
    expect(acked.length).to.be.greaterThan(10);
  });

  it('leaves every matching document exactly one card, in its newest state', () => {
    for (const bill of cardBills()) {
      const standing = places.flatMap((channel) =>
        (
          sandbox.slack.visibleMessages(channel, people.director) as Array<{
            text: string;
            blocks?: unknown[];
            ephemeral?: boolean;
          }>
        ).filter((message) => !message.ephemeral && message.text.includes(bill.ref)),
      );
      expect(standing, bill.ref).to.have.length(1);
      expect(standing[0]?.text, bill.ref).to.contain(bill.status);
      const closed = bill.status !== 'Pending Approval';
      if (!closed) expect(JSON.stringify(standing[0]?.blocks), bill.ref).to.contain(bill.description ?? '');
    }
  });

  it('leaves every gathered document in exactly one digest, each posted once, one a tick, in its newest state', async () => {
    const bills = sandbox.acumatica.bills().filter((bill) => Number(bill.amount) >= gathered.from);
    expect(bills.length).to.be.greaterThan(10);
    const messages = (
      sandbox.slack.visibleMessages(gathered.channel, people.director) as Array<{ text: string; blocks?: unknown[] }>
    ).filter((message) => message.text.includes('came since the last digest'));
    const said = messages.map((message) => {
      const [, count] = /^(\d+) bills? came/.exec(message.text) ?? [];
      return { count: Number(count), text: JSON.stringify(message.blocks) };
    });
    expect(said.reduce((sum, { count }) => sum + count, 0)).to.equal(bills.length);
    const rows = await database.db('cards').whereNull('document_id').orderBy('id').select('id', 'wanted_at');
    expect(messages).to.have.length(rows.length);
    const naming = bills.map((bill) => said.filter(({ text }) => text.includes(bill.ref)));
    // A digest names its ten largest.
    const most = said.every(({ count }) => count <= 10) ? 1 : 0;
    for (const [index, bill] of bills.entries()) {
      expect(naming[index]?.length, bill.ref).to.be.within(most, 1);
      for (const { text } of naming[index] ?? []) {
        const amount = `£3,${Number(bill.amount).toFixed(2).slice(1)}`;
        expect(text, bill.ref).to.match(new RegExp(`${bill.ref} · [^"]* · ${bill.status}"[^£]*${amount}"`));
      }
    }
    const made = await database.db('audit_events').where({ kind: 'digest.made' }).orderBy('id').pluck('at');
    expect(made).to.have.length(rows.length);
    const ticks = made.map((at: Date) => Math.floor(at.getTime() / (gathered.everySeconds * 1_000)));
    expect(new Set(ticks).size, 'no two digests of one tick').to.equal(ticks.length);
  });

  it('keeps the order of the cards in each channel', async () => {
    for (const channel of places) {
      const posts = sandbox.slack.journal
        .since(0)
        .filter((entry) => entry.kind === 'post' && entry.channel === channel && entry.byApp && !entry.threadTs);
      const keys = posts.map(
        (entry) => (entry.metadata as { event_payload?: { key?: string } } | null)?.event_payload?.key ?? '',
      );
      const rows = await database
        .db('cards')
        .join('lanes', 'lanes.id', 'cards.lane_id')
        .where('lanes.channel', channel)
        .orderBy('cards.id')
        .pluck('cards.key');
      expect(keys.filter((key) => rows.includes(key))).to.deep.equal(rows);
    }
  });

  it('keeps the pace of each channel', () => {
    for (const channel of [...places, gathered.channel]) {
      const posts = sandbox.slack.journal
        .since(0)
        .filter((entry) => entry.kind === 'post' && entry.channel === channel && entry.byApp);
      const gaps = posts.slice(1).map((entry, index) => entry.at - (posts[index]?.at ?? 0));
      expect(Math.min(...gaps)).to.be.at.least(1_000);
    }
  });

  it('carries out each decision once, and stores every acknowledged one', async () => {
    const decisions = await database
      .db('decisions as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .select('x.state', 'x.outcome', 'd.reference');
    for (const bill of sandbox.acumatica.bills()) {
      const approvals = bill.steps.filter((step) => step.by === 'countersign').length;
      const ends = decisions.filter((row) => row.reference === bill.ref);
      const done = ends.filter((row) => row.state === 'done').length;
      // Killed between asking and hearing: where Acumatica's state proves nothing, a person is asked to look.
      const unproven = ends.filter((row) => row.state === 'dead' && row.outcome === 'unclear').length;
      const what = `${bill.ref}: steps approved in Acumatica, against ${JSON.stringify(ends)}`;
      expect(approvals, what).to.be.within(done, done + unproven);
    }
    expect(decisions.filter((row) => row.state === 'done').length).to.be.greaterThan(5);
    const clickedRefs = new Set(acked.map(({ ref }) => ref));
    const storedRefs = new Set(decisions.map((row) => row.reference));
    expect([...clickedRefs].filter((ref) => !storedRefs.has(ref))).to.deep.equal([]);
  });

  it('keeps an audit chain that verifies', async () => {
    const sealed = await sealEvents(database.db);
    expect(sealed.result).to.be.oneOf(['sealed', 'nothing']);
    const report = await verifyAudit(database.db);
    expect(report.problems).to.deep.equal([]);
    expect(Number(report.events)).to.be.greaterThan(50);
  });

  it('stops in good order when asked', () => {
    expect(codes).to.deep.equal([0, 0, 0]);
    expect(fleet.complaints).to.deep.equal([]);
  });
});

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}
