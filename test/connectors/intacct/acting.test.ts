import { expect } from 'chai';
import type { ActionName, DocumentKind } from '../../../app/domain/document.ts';
import { intacct } from '../../../connectors/intacct/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { payBills } from '../intacct-site.ts';
import { createMemoryState, type MemoryState } from '../memory-state.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();

describe('connectors intacct: deciding', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  /** The state of somebody's own account, as they linked it. */
  async function account(userId: string, password?: string): Promise<MemoryState> {
    const user = company.site.describe().users.find((one) => one.userId === userId);
    const state = createMemoryState();
    await state.change(async () => ({ login: { user_id: userId, password: password ?? user?.password } }));
    return state;
  }

  async function ask(
    key: number,
    action: ActionName,
    as: MemoryState | undefined,
    { kind = 'payment' as DocumentKind, entered = {}, reason = null as string | null } = {},
  ) {
    const connection = company.connect(entered);
    const document = await connection.get(kind, String(key), signal);
    if (!document) throw new Error(`no ${kind} ${key}`);
    return connection.act({ document, action, reason }, signal, as);
  }
  const trail = (key: number) =>
    company.site.ledger.where('AUDITHISTORY', 'OBJECTKEY', `${key}--REC`).map(({ USERID }) => USERID);

  it('is said to be people’s own, of every kind that is decided at all', () => {
    const decided = Object.values(intacct.feeds).filter((feed) => feed?.actions?.length !== 0);
    expect(decided).to.have.length.above(0);
    for (const feed of decided) expect(feed?.actsOnlyAsPerson).to.equal(true);
  });

  it('stands under the name of the person', async () => {
    const { RECORDNO } = payBills(company.site);
    const outcome = await ask(RECORDNO, 'approve', await account('amara.okafor'));
    expect(outcome).to.include({ result: 'done', complete: true });
    expect(outcome.document).to.include({ status: 'Approved', phase: 'ready' });
    expect(trail(RECORDNO)).to.include('amara.okafor');
    expect(trail(RECORDNO)).to.not.include('countersign');
  });

  it('never happens as the user that reads', async () => {
    company.site.changeSettings({ paymentApprovers: [['countersign']] });
    const { RECORDNO } = payBills(company.site);
    expect(await ask(RECORDNO, 'approve', undefined)).to.include({ result: 'refused' });
    const own = await errorOf(ask(RECORDNO, 'approve', await account('countersign')));
    expect(own).to.include({ name: 'ReconnectError', field: 'account' });
    expect(company.site.hand.row('APPYMT', RECORDNO).STATE).to.equal('S');
    expect(company.running.asked.some((body) => body.includes('approve_appaymentrequest'))).to.equal(false);
  });

  it('says that it is one step where more have to follow', async () => {
    company.site.changeSettings({ paymentApprovers: [['amara.okafor'], ['jonas.weber']] });
    const { RECORDNO } = payBills(company.site);
    const first = await ask(RECORDNO, 'approve', await account('amara.okafor'));
    expect(first).to.include({ result: 'done', complete: false });
    expect(first.document).to.include({ status: 'Partially Approved', phase: 'waiting' });
    const second = await ask(RECORDNO, 'approve', await account('jonas.weber'));
    expect(second).to.include({ result: 'done', complete: true });
  });

  it('knows a payment that is posted as soon as it is approved', async () => {
    const { RECORDNO } = payBills(company.site, { method: 'EFT' });
    const outcome = await ask(RECORDNO, 'approve', await account('amara.okafor'));
    expect(outcome.document).to.include({ status: 'Posted', phase: 'posted' });
  });

  it('tells the reason of a refusal, not that it was one', async () => {
    const { RECORDNO } = payBills(company.site);
    const outcome = await ask(RECORDNO, 'approve', await account('clerk'));
    expect(outcome).to.include({ result: 'refused' });
    expect('message' in outcome && outcome.message).to.equal(
      `User clerk is not an eligible approver of payment request ${RECORDNO}.`,
    );
  });

  it('asks to link anew where the own sign-in is taken no more, and does nothing', async () => {
    const { RECORDNO } = payBills(company.site);
    const error = await errorOf(ask(RECORDNO, 'approve', await account('amara.okafor', 'changed since')));
    expect(error).to.include({ name: 'ReconnectError', field: 'account', scope: 'connection' });
    expect(await errorOf(ask(RECORDNO, 'approve', createMemoryState()))).to.include({ field: 'account' });
    expect(company.site.hand.row('APPYMT', RECORDNO).STATE).to.equal('S');
  });

  it('lays what is wrong with the licence at the connection, not at the person', async () => {
    const { RECORDNO } = payBills(company.site);
    const connection = company.connect();
    const document = await connection.get('payment', String(RECORDNO), signal);
    company.site.changeSettings({ senderAuthorised: false });
    const as = await account('amara.okafor');
    const error = await errorOf(
      connection.act(
        { document: document as NonNullable<typeof document>, action: 'approve', reason: null },
        signal,
        as,
      ),
    );
    expect(error).to.include({ name: 'ReconnectError', field: 'authorisation' });
  });

  it('opens one session a person, and a new one where that is over', async () => {
    const as = await account('amara.okafor');
    for (let count = 0; count < 2; count += 1) {
      const { RECORDNO } = payBills(company.site);
      expect(await ask(RECORDNO, 'approve', as)).to.include({ result: 'done' });
    }
    const opened = () => company.running.asked.filter((body) => body.includes('<userid>amara.okafor')).length;
    expect(opened()).to.equal(1);
    company.site.expireSessions('amara.okafor');
    const { RECORDNO } = payBills(company.site);
    expect(await ask(RECORDNO, 'approve', as)).to.include({ result: 'done' });
    expect(opened()).to.equal(2);
    await company.connect().signOut?.(signal, as);
    expect(as.stored).to.have.all.keys('login');
  });

  for (const kind of ['500-xml', '503-html', '524-html', 'drop-after', 'cut-body', 'truncated-xml'] as const)
    it(`is unclear after: ${kind}`, async () => {
      const { RECORDNO } = payBills(company.site);
      company.site.setFault({ kind, match: 'approve_appaymentrequest' });
      const error = await errorOf(ask(RECORDNO, 'approve', await account('amara.okafor')));
      expect(error).to.include({ name: 'UnclearError' });
    });

  for (const kind of ['429', 'rate-limit-in-200', 'offline-in-200'] as const)
    it(`surely did nothing after: ${kind}`, async () => {
      const { RECORDNO } = payBills(company.site);
      company.site.setFault({ kind, match: 'approve_appaymentrequest' });
      const error = await errorOf(ask(RECORDNO, 'approve', await account('amara.okafor')));
      expect(error).to.include({ name: 'RetryableError' });
      expect(company.site.hand.row('APPYMT', RECORDNO).STATE).to.equal('S');
    });

  it('is carried out once where the session ended right before it', async () => {
    const { RECORDNO } = payBills(company.site);
    company.site.setFault({ kind: 'expire-sessions', match: 'approve_appaymentrequest', times: 1 });
    expect(await ask(RECORDNO, 'approve', await account('amara.okafor'))).to.include({ result: 'done' });
    expect(trail(RECORDNO).filter((user) => user === 'amara.okafor')).to.have.length(1);
  });

  it('leaves bills to Intacct unless the administrator turned it on', async () => {
    company.site.changeSettings({ billApprovals: true });
    const bill = company.site.maker.bill({ state: 'S' });
    expect((await company.get(bill.RECORDNO))?.actions).to.deep.equal([]);
    const as = await account('amara.okafor');
    expect(await ask(bill.RECORDNO, 'approve', as, { kind: 'bill' })).to.include({ result: 'refused' });
    expect(bill.STATE).to.equal('S');
    const entered = { bill_decisions: 'on' };
    expect((await company.get(bill.RECORDNO, company.connect(entered)))?.actions).to.deep.equal(['approve', 'reject']);
    const more = { kind: 'bill' as const, entered, reason: 'too dear & late' };
    expect(await ask(bill.RECORDNO, 'reject', as, more)).to.include({ result: 'done', complete: true });
    expect(bill).to.include({ STATE: 'U', comment: 'too dear & late' });
  });

  it('tells a company that has no such function for bills', async () => {
    const bill = company.site.maker.bill({ state: 'S' });
    const more = { kind: 'bill' as const, entered: { bill_decisions: 'on' } };
    const outcome = await ask(bill.RECORDNO, 'approve', await account('amara.okafor'), more);
    expect(outcome).to.include({ result: 'refused', message: 'The operation approve is not supported for APBILL.' });
  });

  it('does not try a refused sign-in again and again, until somebody tests the connection', async () => {
    const logins = () => company.running.asked.length;
    const entered = { password: 'wrong' };
    for (let turn = 0; turn < 5; turn += 1) {
      const error = await errorOf(company.pages(company.connect(entered)));
      expect(error).to.include({ name: 'ReconnectError', field: 'login' });
    }
    expect(logins()).to.equal(1);
    company.pass(5);
    await errorOf(company.pages(company.connect(entered)));
    expect(logins()).to.equal(2);
    await errorOf(company.connect(entered).test(signal));
    expect(logins()).to.equal(3);
    await company.connect().test(signal);
    expect(company.state.stored).to.not.have.property('refusal');
  });
});
