import { expect } from 'chai';
import { type Answer, exceptionOf, type TestClient, TestSite } from './site.ts';

describe('sandbox acumatica: acting', () => {
  let test: TestSite;
  let client: TestClient;
  beforeEach(async () => {
    test = new TestSite({ operationMs: { ReleaseBill: 20, ReverseBill: 20 } });
    client = await test.client();
  });
  afterEach(() => test.close());

  const add = (status: 'Pending Approval' | 'Balanced' | 'On Hold' | 'Open' | 'Rejected' = 'Pending Approval') =>
    test.site.addBill({ status }).ref;
  const statusOf = (ref: string) => test.site.bill(ref)?.status;

  function expectDisabled(answer: Answer, button: string): void {
    expect([answer.status, exceptionOf(answer)]).to.deep.equal([500, `Error: The ${button} button is disabled.`]);
    expect(answer.json()).to.include({ exceptionType: 'PX.Data.PXActionDisabledException' });
  }

  it('approves into Balanced, at once and with nothing to say', async () => {
    const ref = add();
    test.pass(5_000);
    const answer = await client.act('Approve', ref);
    expect([answer.status, answer.text]).to.deep.equal([204, '']);
    expect(test.site.bill(ref)).to.include({ status: 'Balanced', modifiedAt: '2026-03-10T09:30:05.250Z' });
    expectDisabled(await client.act('Approve', ref), 'Approve');
  });

  it('takes the record by its id too, and knows one that is not there', async () => {
    const { id, ref } = test.site.addBill();
    expect((await client.send('POST', 'Bill/Approve', { entity: { id }, parameters: {} })).status).to.equal(204);
    expect(statusOf(ref)).to.equal('Balanced');
    expect(exceptionOf(await client.act('Approve', '999999'))).to.equal('No entity satisfies the condition.');
  });

  it('serves one step with one approval, and only its assignee', async () => {
    test.site.changeSettings({ approvalMap: ['amara.okafor', 'jonas.weber'] });
    const ref = add();
    const [amara, jonas] = [await test.client('amara.okafor'), await test.client('jonas.weber')];
    const words = 'Error: You are not an authorized approver for this document.';
    expect(exceptionOf(await client.act('Approve', ref))).to.equal(words);
    expect(exceptionOf(await jonas.act('Approve', ref))).to.equal(words);
    expect((await amara.act('Approve', ref)).status).to.equal(204);
    expect(statusOf(ref)).to.equal('Pending Approval');
    test.site.changeSettings({ nonApproverStatus: 403 });
    expect((await amara.act('Approve', ref)).status).to.equal(403);
    await jonas.act('Approve', ref);
    expect(statusOf(ref)).to.equal('Balanced');
  });

  it('moves LastModifiedDateTime at a middle step, or does not', async () => {
    test.site.changeSettings({ approvalMap: ['amara.okafor', 'jonas.weber'], serviceAccountApproves: 'always' });
    const [one, other] = [add(), add()];
    test.pass(1_000);
    await client.act('Approve', one);
    test.site.changeSettings({ middleStepMovesModified: false });
    await client.act('Approve', other);
    expect(test.site.bill(one)?.modifiedAt).to.equal('2026-03-10T09:30:01.250Z');
    expect(test.site.bill(other)?.modifiedAt).to.equal('2026-03-10T09:30:00.250Z');
  });

  it('keeps the service account out of approvals when told to', async () => {
    test.site.changeSettings({ serviceAccountApproves: 'never' });
    expect((await client.act('Approve', add())).status).to.equal(500);
  });

  it('rejects with the reason given', async () => {
    const ref = add();
    expect((await client.act('Reject', ref, 'Too high')).status).to.equal(204);
    expect(test.site.bill(ref)).to.include({ status: 'Rejected', reason: 'Too high' });
  });

  it('does nothing and says 204 where a required reason is missing, or says so', async () => {
    test.site.changeSettings({ reason: 'required' });
    const ref = add();
    expect((await client.act('Reject', ref)).status).to.equal(204);
    expect(statusOf(ref)).to.equal('Pending Approval');
    test.site.changeSettings({ missingReason: 'error' });
    expect(exceptionOf(await client.act('Reject', ref))).to.match(/'Reason' cannot be empty/);
    await client.act('Reject', ref, 'Too high');
    expect(statusOf(ref)).to.equal('Rejected');
  });

  it('holds and lets go, into approval or past it', async () => {
    const ref = add('Balanced');
    await client.act('PutOnHold', ref);
    expect(statusOf(ref)).to.equal('On Hold');
    await client.act('ReleaseFromHold', ref);
    expect(statusOf(ref)).to.equal('Pending Approval');
    test.site.changeSettings({ holdFrom: ['Balanced'], approvalMap: [] });
    expectDisabled(await client.act('PutOnHold', ref), 'Hold');
    const held = add('On Hold');
    await client.act('ReleaseFromHold', held);
    expect(statusOf(held)).to.equal('Balanced');
  });

  it('knows actions only by the names of the site', async () => {
    const { actionNames } = test.site.settings();
    test.site.changeSettings({ actionNames: { ...actionNames, hold: 'Hold' } });
    const ref = add('Balanced');
    expect((await client.act('PutOnHold', ref)).status).to.equal(404);
    expect((await client.act('Hold', ref)).status).to.equal(204);
    expect((await client.act('Explode', ref)).status).to.equal(404);
  });

  it('releases only from Balanced', async () => {
    expectDisabled(await client.act('ReleaseBill', add()), 'Release');
    expectDisabled(await client.act('ReleaseBill', add('Open')), 'Release');
  });

  it('releases as a long operation: 202, an address to ask at, 204', async () => {
    const ref = add('Balanced');
    const started = await client.act('ReleaseBill', ref);
    expect(started.status).to.equal(202);
    expect(started.headers.get('location')).to.match(
      /^\/AcumaticaERP\/entity\/Default\/24\.200\.001\/Bill\/ReleaseBill\/status\/[0-9a-f-]{36}$/,
    );
    expect((await client.finish(started)).status).to.equal(204);
    expect(statusOf(ref)).to.equal('Open');
  });

  it('tells at the status address what went wrong', async () => {
    const ref = add('Balanced');
    const started = await client.act('ReleaseBill', ref);
    test.site.decideInErp(ref, 'release');
    expectDisabled(await client.finish(started), 'Release');
  });

  it('fails other calls to the form in the same session meanwhile', async () => {
    test.site.changeSettings({ operationMs: { ReleaseBill: 5_000 } });
    const ref = add('Balanced');
    await client.act('ReleaseBill', ref);
    expect(exceptionOf(await client.get('Bill'))).to.match(/previous operation has not been completed/);
    expect((await client.get('Vendor?$top=1')).status).to.equal(200);
    expect((await (await test.client()).get('Bill')).status).to.equal(200);
    test.site.changeSettings({ operationBlocksForm: false });
    expect((await client.get('Bill')).status).to.equal(200);
  });

  it('sends a 204 with an address that leads nowhere, if told to', async () => {
    test.site.changeSettings({ danglingLocation: true });
    const answer = await client.act('Approve', add());
    expect(answer.status).to.equal(204);
    expect((await client.finish(answer)).status).to.equal(404);
  });

  it('reverses into a debit adjustment on hold', async () => {
    const ref = add('Open');
    expect((await client.finish(await client.act('ReverseBill', ref))).status).to.equal(204);
    const reversal = test.site.bills().find((bill) => bill.type === 'Debit Adj.');
    expect(reversal).to.include({ status: 'On Hold', amount: test.site.bill(ref)?.amount });
  });

  describe('PUT', () => {
    const put = (body: object, headers: Record<string, string> = {}) => client.send('PUT', 'Bill', body, headers);
    const keys = (ref: string) => ({ Type: { value: 'Bill' }, ReferenceNbr: { value: ref } });

    it('takes a bill off hold and puts it on', async () => {
      const ref = add('On Hold');
      expect((await put({ ...keys(ref), Hold: { value: false } })).status).to.equal(200);
      expect(statusOf(ref)).to.equal('Pending Approval');
      await put({ ...keys(ref), Hold: { value: true } });
      expect(statusOf(ref)).to.equal('On Hold');
    });

    it('replaces the note', async () => {
      const ref = add();
      await put({ ...keys(ref), note: { value: 'first' } });
      const answer = await put({ ...keys(ref), note: { value: 'second' } });
      expect(answer.json()).to.deep.include({ note: { value: 'second' } });
      expect(statusOf(ref)).to.equal('Pending Approval');
    });

    it('enters a bill with lines, changes one by id and takes one away', async () => {
      const lines = [{ Amount: { value: 10.25 } }, { Amount: { value: 5 } }];
      const entered = (await put({ Vendor: { value: 'REFINITIV' }, Details: lines })).json() as {
        ReferenceNbr: { value: string };
      };
      const ref = entered.ReferenceNbr;
      expect(test.site.bill(ref.value)).to.include({ status: 'On Hold', amount: '15.25' });
      const expanded = await client.send('GET', `Bill/Bill/${ref.value}?$expand=Details`);
      const [first, second] = (expanded.json() as { Details: { id: string }[] }).Details;
      const change = [
        { id: first?.id, Amount: { value: 7 } },
        { id: second?.id, delete: true },
      ];
      await put({ ...keys(ref.value), Details: change });
      expect(test.site.bill(ref.value)).to.include({ amount: '7.00' });
    });

    it('echoes the entity with what is wrong', async () => {
      const count = test.site.bills().length;
      const answer = await put({ Vendor: { value: 'NOBODY' }, Description: { value: 'x' } });
      expect(answer.status).to.equal(422);
      const body = answer.json() as { Vendor: unknown; error: string };
      expect(body.Vendor).to.deep.equal({ value: 'NOBODY', error: "'Vendor' cannot be found in the system." });
      expect(body.error).to.include('Vendor');
      const line = await put({ Vendor: { value: 'REFINITIV' }, Details: [{ Project: { value: 'TES' } }] });
      expect(line.text).to.include("Project 'TES' cannot be found in the system.");
      expect(test.site.bills()).to.have.length(count);
    });

    it('refuses edits of a bill that is not on hold', async () => {
      const ref = add('Balanced');
      const answer = await put({ ...keys(ref), Vendor: { value: 'REFINITIV' }, Amount: { value: 1 } });
      expect(answer.status).to.equal(422);
      expect(test.site.bill(ref)?.amount).not.to.equal('1.00');
    });

    it('inserts only or updates only when asked to', async () => {
      const ref = add();
      expect((await put(keys(ref), { 'If-None-Match': '*' })).status).to.equal(412);
      expect((await put(keys('999999'), { 'If-Match': '*' })).status).to.equal(412);
      expect((await client.send('PATCH', 'Bill', keys('999999'), {}, '25.200.001')).status).to.equal(404);
      expect((await client.send('PATCH', 'Bill', keys(ref))).status).to.equal(404);
      expect((await client.send('PUT', 'Bill', [1])).status).to.equal(400);
    });

    it('attaches a file at the address that the record gives', async () => {
      const ref = add();
      const record = (await client.get(`Bill/Bill/${ref}`)).json() as { _links: Record<string, string> };
      const path = record._links['files:put']?.replace('{filename}', 'note.txt').split('24.200.001/')[1] ?? '';
      const answer = await client.send('PUT', path, 'content');
      expect(answer.status).to.equal(204);
      const expanded = await client.get(`Bill/Bill/${ref}?$expand=files`);
      expect(expanded.text).to.include(`(Bill, ${ref})\\\\note.txt`);
    });
  });
});
