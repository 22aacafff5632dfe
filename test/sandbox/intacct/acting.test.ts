import { expect } from 'chai';
import type { Row } from '../../../sandbox/intacct/ledger/row.ts';
import { all, counts, filter, only, results, TestGateway, type TestSession } from './gateway.ts';

describe('sandbox intacct: acting', () => {
  let gateway: TestGateway;
  let amara: TestSession;
  beforeEach(async () => {
    gateway = new TestGateway({}, 0);
    amara = await gateway.session('amara.okafor');
  });
  afterEach(() => gateway.close());

  const pay = async (method = 'ACH', state = 'S'): Promise<Row> => {
    const bill = (await gateway.admin('/bills', { state: 'A' })) as Row;
    return (await gateway.admin('/payments', { bill: bill.RECORDNO, method, state })) as Row;
  };
  const act = (session: TestSession, action: string, ...keys: number[]) => {
    const list = keys.map((key) => `<appaymentkey>${key}</appaymentkey>`).join('');
    return session.call(
      `<${action}_appaymentrequest><appaymentkeys>${list}</appaymentkeys></${action}_appaymentrequest>`,
    );
  };
  const paymentState = async (key: number) =>
    only(await amara.query('APPYMT', 'STATE', filter('equalto', 'RECORDNO', String(key))), 'STATE');
  const billOf = (payment: Row) =>
    gateway.site.ledger.get(
      'APBILL',
      gateway.site.ledger.where('APPYMTDETAIL', 'PAYMENTKEY', payment.RECORDNO)[0]?.RECORDKEY,
    );
  const billState = async (payment: Row) =>
    only(
      await amara.query('APBILL', 'STATE', filter('equalto', 'RECORDNO', String(billOf(payment)?.RECORDNO))),
      'STATE',
    );

  describe('payment requests', () => {
    it('are approved by the user of the session, whose name stays in the audit trail', async () => {
      const payment = await pay();
      expect([await paymentState(payment.RECORDNO), await billState(payment)]).to.deep.equal(['Submitted', 'Selected']);
      const text = await act(amara, 'approve', payment.RECORDNO);
      expect(results(text)).to.deep.equal(['success']);
      expect(await paymentState(payment.RECORDNO)).to.equal('Approved');
      const trail = await amara.call(
        `<getAuditTrail><object>APPYMT</object><recordNo>${payment.RECORDNO}</recordNo></getAuditTrail>`,
      );
      expect(all(trail, 'workflowAction')).to.include('approved');
      expect(all(trail, 'userId')).to.include('amara.okafor');
      expect(results(await act(amara, 'approve', payment.RECORDNO))).to.deep.equal(['failure BL01001973 BL01001973']);
    });

    it('are refused to who may not: a robot, the one who entered it, a second time at the next level', async () => {
      const payment = await pay();
      const robot = await gateway.session();
      const refused = await act(robot, 'approve', payment.RECORDNO);
      expect(results(refused)).to.deep.equal(['failure BL01001973 BL01001973']);
      expect(all(refused, 'description2')[0]).to.match(/countersign is not an eligible approver/);
      expect(refused).to.match(/<data listtype="objects" count="0"><\/data><errormessage>/);
      gateway.site.changeSettings({
        paymentApprovers: [
          ['clerk', 'amara.okafor'],
          ['amara.okafor', 'jonas.weber'],
        ],
      });
      expect(results(await act(await gateway.session('clerk'), 'approve', payment.RECORDNO))[0]).to.match(/^failure/);
      expect(results(await act(amara, 'approve', payment.RECORDNO))).to.deep.equal(['success']);
      expect(await paymentState(payment.RECORDNO)).to.equal('Partially Approved');
      expect(results(await act(amara, 'approve', payment.RECORDNO))[0]).to.match(/^failure/);
      expect(results(await act(await gateway.session('jonas.weber'), 'approve', payment.RECORDNO))).to.deep.equal([
        'success',
      ]);
      expect(await paymentState(payment.RECORDNO)).to.equal('Approved');
    });

    it('post straight on approval where they are EFT, cash or by card', async () => {
      for (const method of ['EFT', 'Cash', 'Credit Card']) {
        const payment = await pay(method);
        await act(amara, 'approve', payment.RECORDNO);
        expect([await paymentState(payment.RECORDNO), await billState(payment)]).to.deep.equal(['Posted', 'Paid']);
      }
    });

    it('are sent, confirmed and then paid, in the ledger too', async () => {
      const payment = await pay('Printed Check');
      expect(results(await act(amara, 'confirm', payment.RECORDNO))[0]).to.match(/^failure/);
      for (const [action, state] of [
        ['approve', 'Approved'],
        ['send', 'Delivered'],
        ['confirm', 'Posted'],
      ] as const) {
        expect(results(await act(amara, action, payment.RECORDNO))).to.deep.equal(['success']);
        expect(await paymentState(payment.RECORDNO)).to.equal(state);
      }
      const row = gateway.site.ledger.get('APPYMT', payment.RECORDNO);
      expect(row).to.include({
        WHENPAID: '2026-03-10',
        TOTALPAID: row?.TOTALENTERED,
        PRBATCH: 'Payments: 2026-03-10 Daily Summary',
      });
      const batch = gateway.site.ledger.where('GLBATCH', 'BATCH_TITLE', 'Payments: 2026-03-10 Daily Summary')[0];
      const lines = gateway.site.ledger.where('GLENTRY', 'BATCHNO', batch?.RECORDNO);
      expect(lines.map(({ TR_TYPE, AMOUNT }) => [TR_TYPE, AMOUNT])).to.deep.equal([
        ['1', row?.TOTALENTERED],
        ['-1', row?.TOTALENTERED],
      ]);
    });

    it('are declined into a state without a published code, their bills staying selected', async () => {
      const payment = await pay();
      expect(results(await act(amara, 'decline', payment.RECORDNO))).to.deep.equal(['success']);
      expect([await paymentState(payment.RECORDNO), await billState(payment)]).to.deep.equal([
        'Unapproved',
        'Selected',
      ]);
      expect(counts(await amara.readByQuery('APPYMT', 'RECORDNO', "STATE = 'D'")).count).to.equal('0');
      gateway.site.changeSettings({ declinedPayment: 'Declined' });
      expect(await paymentState(payment.RECORDNO)).to.equal('Declined');
    });

    it('are voided when paid, and their bills are open again', async () => {
      const payment = await pay('EFT');
      expect(results(await act(amara, 'void', payment.RECORDNO))[0]).to.match(/^failure/);
      await act(amara, 'approve', payment.RECORDNO);
      expect(results(await act(amara, 'void', payment.RECORDNO))).to.deep.equal(['success']);
      expect([await paymentState(payment.RECORDNO), await billState(payment)]).to.deep.equal(['Voided', 'Posted']);
      expect(billOf(payment)).to.include({
        TOTALPAID: '0.00',
        TOTALSELECTED: '0.00',
        TOTALDUE: billOf(payment)?.TOTALENTERED,
      });
    });

    it('are named by several keys in one call, which fails as a whole', async () => {
      const [one, other] = [await pay(), await pay()];
      expect(results(await act(amara, 'approve', one.RECORDNO, 99_999))[0]).to.match(/^failure/);
      expect(await paymentState(one.RECORDNO)).to.equal('Submitted');
      expect(results(await act(amara, 'approve', one.RECORDNO, other.RECORDNO))).to.deep.equal(['success']);
      expect([await paymentState(one.RECORDNO), await paymentState(other.RECORDNO)]).to.deep.equal([
        'Approved',
        'Approved',
      ]);
      expect(results(await act(amara, 'approve'))).to.deep.equal(['failure XL03000003']);
    });

    it('are not posted into closed books', async () => {
      const payment = await pay('EFT');
      gateway.site.changeSettings({ booksClosedThrough: '2026-03-31' });
      const text = await act(amara, 'approve', payment.RECORDNO);
      expect(all(text, 'description2')[0]).to.match(/closed period/);
      expect(await paymentState(payment.RECORDNO)).to.equal('Submitted');
    });
  });

  describe('bills', () => {
    const decide = (action: string, key: number) =>
      amara.call(`<${action}><APBILL><RECORDNO>${key}</RECORDNO><COMMENT>because</COMMENT></APBILL></${action}>`);

    it('are approved and declined only where the company has it: the schema alone promises it', async () => {
      const [one, other] = [await gateway.admin('/bills', {}), await gateway.admin('/bills', {})] as Row[];
      const stateOf = (row: Row | undefined) => gateway.site.ledger.get('APBILL', row?.RECORDNO)?.STATE;
      expect(results(await decide('approve', one?.RECORDNO ?? 0))).to.deep.equal(['failure BL01001973 BL01001973']);
      expect(stateOf(one)).to.equal('S');
      gateway.site.changeSettings({ billApprovals: true });
      expect(results(await decide('approve', one?.RECORDNO ?? 0))).to.deep.equal(['success']);
      expect(results(await decide('decline', other?.RECORDNO ?? 0))).to.deep.equal(['success']);
      expect([stateOf(one), stateOf(other)]).to.deep.equal(['A', 'U']);
      expect(results(await decide('approve', other?.RECORDNO ?? 0))[0]).to.match(/^failure/);
      const robot = await gateway.session();
      const third = (await gateway.admin('/bills', {})) as Row;
      const asRobot = await robot.call(`<approve><APBILL><RECORDNO>${third.RECORDNO}</RECORDNO></APBILL></approve>`);
      expect(all(asRobot, 'description2')[0]).to.match(/not an eligible approver/);
    });
  });

  describe('journal entries', () => {
    const line = (side: '1' | '-1', amount: string, more = '<LOCATION>E100</LOCATION>') =>
      `<GLENTRY><ACCOUNTNO>6000</ACCOUNTNO><TRX_AMOUNT>${amount}</TRX_AMOUNT><TR_TYPE>${side}</TR_TYPE>${more}</GLENTRY>`;
    const update = (key: number, state: string, entries: string) =>
      amara.call(`<update><GLBATCH><RECORDNO>${key}</RECORDNO><STATE>${state}</STATE>${entries}</GLBATCH></update>`);
    const entries = (...lines: string[]) => `<ENTRIES>${lines.join('')}</ENTRIES>`;
    const balanced = entries(line('1', '10.00'), line('-1', '10.00'));
    const draft = (state = 'I', day?: string) => gateway.site.maker.entry({ state, ...(day ? { day } : {}) }).RECORDNO;
    const stateOf = (key: number) => gateway.site.ledger.get('GLBATCH', key)?.STATE;

    it('are posted by an update that replaces their lines', async () => {
      const key = draft();
      const text = await update(key, 'Posted', balanced);
      expect(results(text)).to.deep.equal(['success']);
      expect(only(text, 'glbatch')).to.equal(`<RECORDNO>${key}</RECORDNO>`);
      expect(stateOf(key)).to.equal('P');
      expect(gateway.site.ledger.where('GLENTRY', 'BATCHNO', key).map(({ AMOUNT }) => AMOUNT)).to.deep.equal([
        '10.00',
        '10.00',
      ]);
    });

    it('enter the approval queue where approvals are on', async () => {
      gateway.site.changeSettings({ journalApprovals: true });
      const key = draft();
      await update(key, 'Posted', balanced);
      expect(stateOf(key)).to.equal('S');
    });

    it('stay drafts without balance, and are never posted without it', async () => {
      const key = draft();
      const odd = entries(line('1', '10.00'), line('-1', '9.99'));
      expect(results(await update(key, 'Draft', odd))).to.deep.equal(['success']);
      const before = gateway.site.ledger.where('GLENTRY', 'BATCHNO', key).map(({ RECORDNO }) => RECORDNO);
      for (const wrong of [odd, entries(line('1', '10.00')), '', entries(line('1', '1'), line('-1', '1', ''))]) {
        expect(results(await update(key, 'Posted', wrong))[0], wrong).to.match(/^failure BL01001973/);
      }
      expect(results(await update(key, 'Posted', entries(line('1', 'ten'), line('-1', 'ten'))))).to.deep.equal([
        'failure DL02000001',
      ]);
      expect(gateway.site.ledger.where('GLENTRY', 'BATCHNO', key).map(({ RECORDNO }) => RECORDNO)).to.deep.equal(
        before,
      );
    });

    it('know no other move: no approval, no other state, no other module, no closed period', async () => {
      expect(results(await update(draft('S'), 'Posted', balanced))[0]).to.match(/^failure/);
      expect(results(await update(draft(), 'Approved', balanced))[0]).to.match(/^failure/);
      expect(results(await update(draft('I', '2026-01-05'), 'Posted', balanced))[0]).to.match(/^failure/);
      const other = gateway.site.maker.entry({ state: 'I', module: '3.AP', journal: 'APJ' }).RECORDNO;
      expect(results(await update(other, 'Posted', balanced))[0]).to.match(/^failure/);
      const approve = await amara.call(`<approve><GLBATCH><RECORDNO>${draft('S')}</RECORDNO></GLBATCH></approve>`);
      expect(results(approve)[0]).to.match(/^failure/);
      expect(results(await amara.call('<update><VENDOR><RECORDNO>1</RECORDNO></VENDOR></update>'))[0]).to.match(
        /^failure/,
      );
    });
  });
});
