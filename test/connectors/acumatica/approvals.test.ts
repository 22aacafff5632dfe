import { expect } from 'chai';
import type { ReconnectError } from '../../../app/domain/errors.ts';
import { toApprovals } from '../../../connectors/acumatica/approvals.ts';
import { type Bench, documentsOf, openBench, readAll, signal } from './support.ts';

const inquiry = 'Countersign Approvals';
const asked = { approvals_inquiry: inquiry };
const amara = { code: 'EP00000005', name: 'Amara Okafor' };
const jonas = { code: 'EP00000006', name: 'Jonas Weber' };

describe('approvals of Acumatica', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({
      seedBills: 0,
      settings: {
        approvalsInquiry: inquiry,
        approvalMap: ['amara.okafor', 'jonas.weber'],
        serviceAccountApproves: 'always',
      },
    });
  });
  afterEach(() => bench.close());
  const inquiries = () => bench.asked.filter((line) => line.includes('/odata/gi/'));

  it('come with waiting documents, in one request for a page however many wait, and with no others', async () => {
    const { ref } = bench.site.addBill({ status: 'Pending Approval' });
    bench.site.addBill({ status: 'Balanced' });
    bench.site.decideInErp(ref, 'approve');
    const connection = bench.connect(asked);
    const documents = documentsOf(await readAll(connection));
    expect(inquiries()).to.have.length(1);
    const pending = { step: 2, approver: jonas, workgroup: null, status: 'pending', decidedBy: null, decidedAt: null };
    const [waiting, balanced] = documents.toSorted((a) => (a.reference === ref ? -1 : 1));
    expect(waiting?.approvals?.[1]).to.deep.equal(pending);
    expect(waiting?.approvals?.[0]).to.deep.include({ step: 1, approver: amara, status: 'approved', decidedBy: amara });
    expect(balanced).to.not.have.property('approvals');
    bench.site.addBills(70, { status: 'Pending Approval' });
    bench.asked.length = 0;
    const all = documentsOf(await readAll(bench.connect({ ...asked, page_size: 200 })));
    expect(inquiries()).to.have.length(1);
    expect(all.filter(({ approvals }) => approvals?.length)).to.have.length(71);
    for (const line of inquiries()) expect(line.length).to.be.lessThan(2_000);
  });

  it('prove that an approval was one step, also where the record’s time of change says nothing', async () => {
    bench.site.changeSettings({ middleStepMovesModified: false });
    const { ref } = bench.site.addBill({ status: 'Pending Approval' });
    const connection = bench.connect(asked);
    const before = await connection.get('bill', `Bill|${ref}`, signal);
    if (!before) throw new Error('there is no bill');
    const outcome = await connection.act({ document: before, action: 'approve', reason: null }, signal);
    expect(outcome).to.include({ result: 'done', complete: false });
    expect(outcome.document?.approvals?.map(({ status }) => status)).to.deep.equal(['approved', 'pending']);
  });

  it('name at their own field what is wrong with the inquiry when the connection is tested', async () => {
    expect((await bench.connect(asked).test(signal)).summary).to.contain('bills');
    const wrong = (await bench
      .connect({ approvals_inquiry: 'Nowhere' })
      .test(signal)
      .catch((error) => error)) as ReconnectError;
    expect(wrong.field).to.equal('approvals_inquiry');
    expect(wrong.message).to.contain('no inquiry "Nowhere" by OData in the tenant TREASURY');
  });

  it('keep no document from being read where the inquiry vanished, and the feed says so', async () => {
    bench.site.addBill({ status: 'Pending Approval' });
    bench.site.changeSettings({ approvalsInquiry: null });
    const [page] = await readAll(bench.connect(asked));
    expect(page?.documents[0]).to.not.have.property('approvals');
    expect(page?.notice).to.contain('Cards cannot say who is next').and.contain(inquiry);
  });

  it('are not asked for where no inquiry is named, and are refused for a sign-in that OData does not take', async () => {
    bench.site.addBill({ status: 'Pending Approval' });
    await readAll(bench.connect());
    expect(inquiries()).to.deep.equal([]);
    expect(() => bench.connect({ ...asked, sign_in: 'cookie' })).to.throw('does not take the sign-in by cookie');
  });

  it('are counted by steps: several rows of one step, repeated rows, codes for labels, no step ids', () => {
    const row = { RefNoteID: '', ApproverID: 'A', ApproverName: null, Workgroup: null, ApprovedByID: null };
    const rest = { ...row, ApprovedByName: null, ApproveDate: null };
    const rows = [
      { ...rest, ApprovalID: 9, StepID: 'y', Status: 'P' },
      { ...rest, ApprovalID: 4, StepID: 'x', Status: 'A', ApproveDate: '2026-03-04T10:00:00' },
      { ...rest, ApprovalID: 10, StepID: 'y', Status: 'Pending', ApproverID: null, Workgroup: 'CFO' },
      { ...rest, ApprovalID: 9, StepID: 'y', Status: 'P' },
    ];
    const approvals = toApprovals(rows);
    expect(approvals.map(({ step, status }) => `${step} ${status}`)).to.deep.equal([
      '1 approved',
      '2 pending',
      '2 pending',
    ]);
    expect(approvals[0]?.decidedAt).to.equal('2026-03-04T10:00:00.000Z');
    expect(approvals[2]).to.include({ approver: null, workgroup: 'CFO' });
    expect(toApprovals(rows.map((each) => ({ ...each, StepID: null }))).map(({ step }) => step)).to.deep.equal([
      1, 2, 3,
    ]);
  });
});
