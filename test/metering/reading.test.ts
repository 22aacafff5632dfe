import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createConnectionPool } from '../../app/connections/open.ts';
import { readFeed } from '../../app/documents/read-feed.ts';
import { createLog } from '../../app/log.ts';
import { createErpHttp } from '../../app/outbound/erp-http.ts';
import { holdProcessLease, type ProcessLease } from '../../app/queue/lease.ts';
import { acumatica } from '../../connectors/acumatica/index.ts';
import { type Connector, defineConnector } from '../../connectors/connector.ts';
import { installed } from '../cli/fixtures.ts';
import { type RunningSite, startSite } from '../connectors/acumatica-site.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';

/** An ERP that bills every request, spoken to over HTTP: Acumatica, if it did. */
const billing = defineConnector({
  ...acumatica,
  budget: ({ most }) => ({ callsPerDay: null, callsPerMonth: typeof most === 'number' ? most : null }),
  connect: ({ http, meter, ...context }) =>
    acumatica.connect({
      ...context,
      http: {
        async request(request) {
          await meter?.spend(1);
          return http.request(request);
        },
      },
    }),
}) as unknown as Connector;

describe('Reading an ERP that bills by the call', () => {
  let fresh: FreshDatabase;
  let erp: RunningSite;
  let lease: ProcessLease;
  const keyring = testKeyring();
  const http = createErpHttp();
  const log = createLog({ level: 'error', format: 'text', stream: process.stderr });
  const id = randomUUID();
  let feedId = '';
  let pool: ReturnType<typeof createConnectionPool>;

  before(async () => {
    fresh = await freshDatabase();
    erp = await startSite({ seedBills: 9 });
    lease = await holdProcessLease(fresh.db, {
      ...{ id: randomUUID(), host: 'here', pid: process.pid, leaseMs: 15_000, figures: () => ({}) },
      ...{ onDeath: () => undefined, onError: () => undefined },
    });
    const { password, client_secret, ...settings } = erp.credentials;
    await fresh.db('connections').insert({
      ...{ id, installation_id: await installed(fresh.db, keyring), name: 'billed', connector: 'acumatica' },
      settings: JSON.stringify({ ...settings, page_size: 2, most: 100 }),
      secret: keyring.encrypt(JSON.stringify({ password, client_secret }), `connections:${id}:secret`),
    });
    const [feed] = await fresh
      .db('feeds')
      .insert({ connection_id: id, kind: 'bill', cadence: '0 0 1 1 *' })
      .returning('id');
    feedId = String(feed.id);
    pool = createConnectionPool({ db: fresh.db, keyring, http, connectorById: () => billing, processes: () => 1 });
  });
  after(async () => {
    await pool?.close();
    await lease?.stop();
    await http.close();
    await erp?.close();
    await fresh?.drop();
  });

  const requests = () => erp.asked.length;
  const documents = async () => Number((await fresh.db('documents').count('* as n').first())?.n);
  const feed = () => fresh.db('feeds').where({ id: feedId }).first();
  const counted = async () => Number((await fresh.db('erp_calls').sum('calls as n').first())?.n ?? 0);
  async function setMost(most: number | null): Promise<void> {
    await fresh.db.raw(
      `update connections set settings = jsonb_set(settings, '{most}', to_jsonb(?::int)), updated_at = clock_timestamp()`,
      [most],
    );
    await fresh.db('feeds').update({ next_attempt_at: null });
  }
  const read = () => readFeed({ db: fresh.db, lease, connections: pool, log }, feedId, new AbortController().signal);

  it('counts every call, and none is sent that was not', async () => {
    await (await pool.open(id)).erp.test(new AbortController().signal);
    expect(requests()).to.be.greaterThan(0);
    expect(await counted()).to.equal(requests());
  });

  it('stops in the middle where the budget is used up, keeps what it has and says so', async () => {
    const before = requests();
    // Four requests of this reading go through: a twentieth of the budget is not its to use.
    const most = Math.ceil((before + 4) / 0.95);
    await setMost(most);
    await read();
    expect(requests()).to.equal(before + 4);
    expect(await counted()).to.equal(requests());
    expect(await documents()).to.be.within(1, 8);
    const { last_error, cursor } = await feed();
    expect(last_error).to.match(/^The budget of \d+ calls for \w+ is used up, but for what is kept for decisions;/);
    expect(cursor).to.not.equal(null);
    expect(await fresh.db('connections').first('status')).to.deep.equal({ status: 'active' });
  });

  it('asks the ERP nothing meanwhile, however often it is woken', async () => {
    const before = requests();
    for (let again = 0; again < 3; again += 1) {
      await fresh.db('feeds').update({ next_attempt_at: null });
      await read();
    }
    expect(requests()).to.equal(before);
    expect((await feed()).attempts).to.equal(4);
  });

  it('goes on where it stopped once the next month has begun', async () => {
    const before = requests();
    const already = await documents();
    await fresh.db.raw(`update erp_calls set month = month - interval '1 month'`);
    await setMost(1_000);
    await read();
    expect(await documents()).to.equal(9);
    expect(await feed()).to.include({ last_error: null, attempts: 0 });
    const rows = await fresh.db('erp_calls').orderBy('month');
    expect(rows.map(({ calls }) => Number(calls))).to.deep.equal([before, requests() - before]);
    expect(already).to.be.lessThan(9);
    const events = await fresh.db('audit_events').where({ kind: 'document.added' });
    expect(new Set(events.map((event) => event.document_id)).size).to.equal(9);
    expect(events).to.have.length(9);
  });
});
