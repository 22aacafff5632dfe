import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLog } from '../../app/log.ts';
import { type Database, openDatabase } from '../../app/storage/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../app/storage/embedded-postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitUntil } from '../support/wait.ts';
import { type OneApp, startOneApp } from './one-app.ts';

describe('An app that is stopped or killed in mid-work', function () {
  this.timeout(90_000);
  let database: FreshDatabase;
  let app: OneApp;

  before(async () => {
    database = await freshDatabase();
    app = await startOneApp(database.db, database.url, {
      acumatica: { settings: { operationMs: { ReleaseBill: 2_000 }, operationBlocksForm: false } },
    });
  });
  after(async () => {
    await app?.stop();
    await database?.drop();
  });

  const statusOf = (ref: string) => app.sandbox.acumatica.bill(ref)?.status;
  const decisionOf = async (ref: string) =>
    database
      .db('decisions as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .where('d.reference', ref)
      .first('x.state', 'x.outcome');

  it('on SIGTERM finishes the decision that is under way and ends with code 0', async () => {
    const bill = app.sandbox.acumatica.addBill({ amount: '150.00', status: 'Balanced' });
    const card = await app.card(bill.ref);
    expect(await app.click(card, 'decide_release')).to.include({ acked: true });
    await waitUntil(() => app.sandbox.acumatica.counters.requests['action.ReleaseBill'], {
      what: 'the release being asked for',
    });
    expect(await app.fleet.stop()).to.deep.equal([0]);
    expect(statusOf(bill.ref)).to.equal('Open');
    expect(await decisionOf(bill.ref)).to.include({ state: 'done' });
    await app.startAgain();
    await app.card(bill.ref, (message) => message.text.includes('Open'));
    expect(app.sandbox.acumatica.counters.requests['action.ReleaseBill']).to.equal(1);
  });

  it('on SIGTERM leaves no card behind and posts none twice', async () => {
    const bills = Array.from({ length: 6 }, () =>
      app.sandbox.acumatica.addBill({ amount: '75.00', status: 'Pending Approval' }),
    );
    await app.card(bills[1]?.ref ?? '');
    expect(await app.fleet.stop()).to.deep.equal([0]);
    await app.startAgain();
    for (const bill of bills) await app.card(bill.ref);
    for (const bill of bills) expect(app.cardsOf(bill.ref), bill.ref).to.have.length(1);
  });

  it('killed while Acumatica releases, finds out by reading and does not release twice', async () => {
    const bill = app.sandbox.acumatica.addBill({ amount: '950.00', status: 'Balanced' });
    const card = await app.card(bill.ref);
    const asked = app.sandbox.acumatica.counters.requests['action.ReleaseBill'] ?? 0;
    await app.click(card, 'decide_release');
    await waitUntil(() => (app.sandbox.acumatica.counters.requests['action.ReleaseBill'] ?? 0) > asked, {
      what: 'the release being asked for',
    });
    app.fleet.kill(0, 300);
    const closed = await app.card(
      bill.ref,
      (message) => message.text.includes('Open') && !JSON.stringify(message.blocks).includes('decide_release'),
    );
    expect(closed.ts).to.equal(card.ts);
    await waitUntil(async () => (await decisionOf(bill.ref))?.state === 'done', {
      what: 'the decision being done',
      timeoutMs: 30_000,
    });
    expect(app.sandbox.acumatica.counters.requests['action.ReleaseBill']).to.equal(asked + 1);
  });

  it('killed after Slack took a card and before its answer was stored, finds that card again', async () => {
    app.sandbox.slack.setFault({ method: 'chat.postMessage', kind: 'slow', ms: 1_500, times: 1 } as never);
    const bill = app.sandbox.acumatica.addBill({ amount: '33.00', status: 'Pending Approval' });
    await waitUntil(
      async () =>
        database
          .db('cards as c')
          .join('documents as d', 'd.id', 'c.document_id')
          .where({ 'd.reference': bill.ref, 'c.state': 'posting' })
          .first('c.id'),
      {
        what: 'the card being posted',
      },
    );
    app.fleet.kill(0, 300);
    await waitUntil(
      async () =>
        database
          .db('cards as c')
          .join('documents as d', 'd.id', 'c.document_id')
          .where({ 'd.reference': bill.ref, 'c.state': 'posted' })
          .first('c.id'),
      {
        what: 'the card being known again',
        timeoutMs: 40_000,
      },
    );
    expect(app.cardsOf(bill.ref)).to.have.length(1);
  });
});

describe('PostgreSQL restarted in mid-run', function () {
  this.timeout(90_000);
  let folder: string;
  let server: EmbeddedPostgres;
  let db: Database;
  let app: OneApp;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-restart-'));
    await chmod(folder, 0o711);
    server = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', format: 'text' }) });
    db = openDatabase(server.url, { max: 3 });
    app = await startOneApp(db, server.url);
  });
  after(async () => {
    await app?.stop();
    await db?.destroy();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('loses no card and no click, and does nothing twice', async () => {
    const before = app.sandbox.acumatica.addBill({ amount: '410.00', status: 'Pending Approval' });
    const card = await app.card(before.ref);
    const waiting = Array.from({ length: 4 }, () =>
      app.sandbox.acumatica.addBill({ amount: '20.00', status: 'Pending Approval' }),
    );
    await app.card(waiting[0]?.ref ?? '');
    const file = await db.raw<{ rows: [{ text: string }] }>(`select pg_read_file('postmaster.pid') as text`);
    process.kill(Number(file.rows[0].text.split('\n')[0]), 'SIGINT');
    await waitUntil(
      () =>
        db.raw('select 1').then(
          () => true,
          () => false,
        ),
      { what: 'PostgreSQL being back', timeoutMs: 30_000 },
    );
    const during = app.sandbox.acumatica.addBill({ amount: '30.00', status: 'Pending Approval' });
    await waitUntil(async () => (await app.click(card, 'decide_approve')).acked, {
      what: 'a click being acknowledged again',
      timeoutMs: 30_000,
    });
    for (const bill of [...waiting, during]) await app.card(bill.ref);
    await waitUntil(() => app.sandbox.acumatica.bill(before.ref)?.status === 'Balanced', {
      what: 'the approval in Acumatica',
      timeoutMs: 30_000,
    });
    await app.card(before.ref, (message) => message.text.includes('Balanced'));
    for (const bill of [before, ...waiting, during]) expect(app.cardsOf(bill.ref), bill.ref).to.have.length(1);
    expect(app.sandbox.acumatica.counters.requests['action.Approve']).to.equal(1);
  });
});
