import { expect } from 'chai';
import type { ActionName, ErpDocument } from '../../../app/domain/document.ts';
import type { ErpConnection } from '../../../connectors/connector.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { type Bench, openBench, signal } from './support.ts';

describe('acting on bills of Acumatica', () => {
  let bench: Bench;
  let connection: ErpConnection;
  afterEach(() => bench.close());
  const open = async (settings: SettingsChange = {}, timeoutMs?: number) => {
    bench = await openBench({ seedBills: 3, settings }, timeoutMs === undefined ? {} : { timeoutMs });
    connection = bench.connect();
  };
  const bill = async (fields: Parameters<Bench['site']['addBill']>[0] = {}): Promise<ErpDocument> => {
    const { ref } = bench.site.addBill({ status: 'Pending Approval', modifiedAt: Date.now() - 60_000, ...fields });
    return read(`Bill|${ref}`);
  };
  const read = async (key: string): Promise<ErpDocument> => {
    const document = await connection.get('bill', key, signal);
    if (document === null) throw new Error('gone');
    return document;
  };
  const act = (document: ErpDocument, action: ActionName, reason: string | null = null) =>
    connection.act({ document, action, reason }, signal);

  it('hands over the reason', async () => {
    await open({ reason: 'required' });
    const document = await bill();
    expect(await act(document, 'reject', 'Zu teuer — "20 %"')).to.include({ result: 'done', complete: true });
    expect(bench.site.bill(document.reference)).to.include({ status: 'Rejected', reason: 'Zu teuer — "20 %"' });
  });

  it('does not believe a 204 that did nothing because a reason was missing', async () => {
    await open({ reason: 'required', missingReason: 'nothing done' });
    const document = await bill();
    const outcome = await act(document, 'reject');
    expect(outcome.result === 'refused' && outcome.message).to.equal(
      'Acumatica accepted the call but the bill is unchanged ("Pending Approval"): it may ask for a reason.',
    );
    expect(bench.site.bill(document.reference)?.status).to.equal('Pending Approval');
  });

  it('tells that a reason is missing where the ERP says so', async () => {
    await open({ reason: 'required', missingReason: 'error' });
    expect(await act(await bill(), 'approve')).to.include({ result: 'refused', message: "'Reason' cannot be empty." });
  });

  it('knows one approval of several from the last one', async () => {
    await open({ serviceAccountApproves: 'always' });
    const document = await bill({ steps: ['amara.okafor', 'jonas.weber'] });
    const first = await act(document, 'approve');
    expect(first).to.include({ result: 'done', complete: false });
    expect(first.document?.status).to.equal('Pending Approval');
    expect(await act(await read(document.key), 'approve')).to.include({ result: 'done', complete: true });
  });

  it('says so when an approval left no trace, be it one step of several or nothing', async () => {
    await open({ serviceAccountApproves: 'always', middleStepMovesModified: false });
    const outcome = await act(await bill({ steps: ['amara.okafor', 'jonas.weber'] }), 'approve');
    expect(outcome.result === 'refused' && outcome.message).to.contain('one of several steps');
  });

  it('waits for a long release to its end', async () => {
    await open({ operationMs: { ReleaseBill: 700 } });
    const document = await bill({ status: 'Balanced' });
    expect(await act(document, 'release')).to.include({ result: 'done', complete: true });
    expect(bench.asked.filter((line) => line.includes('/ReleaseBill/status/')).length).to.be.greaterThan(1);
  });

  it('tells how a long release failed', async () => {
    await open({ operationMs: { ReleaseBill: 300 } });
    const document = await bill({ status: 'Balanced' });
    const releasing = act(document, 'release');
    while (bench.requests('action.ReleaseBill') === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    bench.site.editBill(document.reference, { status: 'On Hold' });
    expect(await releasing).to.deep.include({ result: 'refused', message: 'The Release button is disabled.' });
  });

  it('never follows the address that a 204 carries', async () => {
    await open({ danglingLocation: true });
    expect(await act(await bill(), 'approve')).to.include({ result: 'done' });
    expect(bench.asked.some((line) => line.includes('/status/'))).to.equal(false);
  });

  const underWay = async (document: ErpDocument) => {
    const before = bench.requests('action.ReleaseBill');
    const releasing = act(document, 'release');
    while (bench.requests('action.ReleaseBill') === before) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return releasing;
  };

  it('waits for its turn while another operation of its process holds the form, and so does reading', async () => {
    await open({ operationMs: { ReleaseBill: 400 } });
    const bills = [
      await bill({ status: 'Balanced' }),
      await bill({ status: 'Balanced' }),
      await bill({ status: 'Balanced' }),
    ];
    const other = await bill();
    const acting = bills.map((one) => act(one, 'release'));
    while (bench.requests('action.ReleaseBill') < 3) await new Promise(setImmediate);
    expect(await act(other, 'approve')).to.include({ result: 'done', complete: true });
    expect((await read(other.key)).status).to.equal('Balanced');
    for (const outcome of await Promise.all(acting)) expect(outcome).to.include({ result: 'done', complete: true });
    for (const { reference } of bills) expect(bench.site.bill(reference)?.status).to.equal('Open');
  });

  it('asks to be looked at again where its document changed while it waited', async () => {
    await open({ operationMs: { ReleaseBill: 400 } });
    const [one, two] = [await bill({ status: 'Balanced' }), await bill({ status: 'Balanced' })];
    const releasing = underWay(one);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const waiting = errorOf(act(two, 'release'));
    bench.site.editBill(two.reference, { amount: '99999.00' });
    expect(await waiting).to.include({ name: 'RetryableError' });
    expect(await releasing).to.include({ result: 'done' });
    expect(bench.site.bill(two.reference)?.status).to.equal('Balanced');
  });

  it('asks to try again while an operation of another process holds the form of the shared session', async () => {
    await open({ operationMs: { ReleaseBill: 400 } });
    const [one, two] = [await bill({ status: 'Balanced' }), await bill({ status: 'Balanced' })];
    const elsewhere = bench.connect();
    const releasing = underWay(one);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const request = { document: two, action: 'release', reason: null } as const;
    expect(await errorOf(elsewhere.act(request, signal))).to.include({ name: 'RetryableError' });
    expect(await releasing).to.include({ result: 'done' });
    expect(bench.site.bill(two.reference)?.status).to.equal('Balanced');
  });

  it('uses the names that the site has', async () => {
    await open({ actionNames: { approve: 'approve', reject: 'RejectBill', hold: 'Hold', releaseFromHold: 'X' } });
    const document = await bill();
    expect(document.actions).to.deep.equal(['approve', 'reject', 'hold']);
    expect(await act(document, 'hold')).to.include({ result: 'done' });
    expect(bench.asked.some((line) => line.endsWith('/Bill/Hold'))).to.equal(true);
  });

  it('offers and does nothing that the site has not', async () => {
    await open({ actionNames: { approve: 'Approve', reject: 'Reject', hold: 'Kaltstellen', releaseFromHold: 'X' } });
    const document = await bill();
    expect(document.actions).to.deep.equal(['approve', 'reject']);
    expect(await act(document, 'hold')).to.include({ result: 'refused' });
    expect(bench.asked.some((line) => line.startsWith('POST') && line.includes('/Bill/'))).to.equal(false);
  });

  it('learns that an action was renamed, and does it then', async () => {
    await open();
    const document = await bill();
    bench.site.changeSettings({
      actionNames: { approve: 'ApproveBill', reject: 'Reject', hold: 'PutOnHold', releaseFromHold: 'X' },
    });
    expect(await act(document, 'approve')).to.include({ result: 'done' });
  });

  for (const [nonApproverStatus] of [[500], [403], [422]] as const)
    it(`tells in the ERP's words that the user is no approver (${nonApproverStatus})`, async () => {
      await open({ serviceAccountApproves: 'never', nonApproverStatus });
      const outcome = await act(await bill(), 'approve');
      expect(outcome).to.include({
        result: 'refused',
        message: 'You are not an authorized approver for this document.',
      });
      expect(outcome.document?.status).to.equal('Pending Approval');
    });

  it('tells that the bill is gone', async () => {
    await open();
    const document = await bill();
    bench.site.removeBill(document.reference);
    expect(await act(document, 'approve')).to.deep.equal({
      result: 'refused',
      message: 'The bill is not in Acumatica any more.',
      document: null,
    });
  });

  for (const kind of ['500-html', '302-error-page', 'drop-before', 'hang', 'hang-after'] as const)
    it(`is unclear after ${kind}, for nothing says what was done`, async () => {
      await open({}, 400);
      const document = await bill();
      bench.site.setFault({ kind, match: { method: 'POST', path: '/Bill/' }, times: 1 });
      const error = await errorOf(act(document, 'approve'));
      expect(error).to.include({ name: 'UnclearError' });
      bench.site.clearFaults();
      const now = await read(document.key);
      const done = bench.site.bill(document.reference)?.status === 'Balanced';
      expect(connection.settle({ document, action: 'approve', reason: null }, now)).to.equal(done ? 'yes' : 'unknown');
    });

  it('says after a lost release that nothing happened when nothing did', async () => {
    await open();
    const document = await bill({ status: 'Balanced' });
    bench.site.setFault({ kind: 'drop-before', match: { method: 'POST', path: '/Bill/' }, times: 1 });
    const request = { document, action: 'release' as const, reason: null };
    expect(await errorOf(connection.act(request, signal))).to.include({ name: 'UnclearError' });
    expect(connection.settle(request, await read(document.key))).to.equal('no');
  });

  it('signs in anew for an action that was told that nobody is logged in, and does it once', async () => {
    await open();
    const document = await bill();
    bench.site.expireAccessTokens();
    expect(await act(document, 'approve')).to.include({ result: 'done', complete: true });
    expect(bench.site.bill(document.reference)?.steps.filter(({ decision }) => decision).length).to.equal(1);
  });

  it('is unclear when the caller gives up in the middle', async () => {
    await open();
    const document = await bill();
    bench.site.setFault({ kind: 'hang', match: { method: 'POST', path: '/Bill/' } });
    const abort = new AbortController();
    const acting = errorOf(connection.act({ document, action: 'approve', reason: null }, abort.signal));
    while (bench.requests('action.Approve') === 0) await new Promise(setImmediate);
    abort.abort(new Error('shutting down'));
    expect(await acting).to.include({ name: 'UnclearError' });
  });
});
