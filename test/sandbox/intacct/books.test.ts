import { expect } from 'chai';
import { cents, sum } from '../../../sandbox/intacct/ledger/amounts.ts';
import type { Row } from '../../../sandbox/intacct/ledger/row.ts';
import { all, byNumber, filter, only, TestGateway, type TestSession } from './gateway.ts';

const everything = '<options><showprivate>true</showprivate></options>';

describe('sandbox intacct: the books', () => {
  let gateway: TestGateway;
  let session: TestSession;
  before(async () => {
    gateway = new TestGateway({}, 60);
    session = await gateway.session();
  });
  after(() => gateway.close());

  const rows = (object: string) => [...gateway.site.ledger.rows(object)];
  const linesOf = (batch: Row) => gateway.site.ledger.where('GLENTRY', 'BATCHNO', batch.RECORDNO);
  const balance = (lines: readonly Row[]) =>
    lines
      .filter(({ STATISTICAL }) => STATISTICAL !== 'T')
      .reduce((all, { TR_TYPE, AMOUNT }) => all + cents(AMOUNT) * BigInt(String(TR_TYPE)), 0n);

  it('balance wherever an entry is posted, in every entity', () => {
    const posted = rows('GLBATCH').filter(({ STATE }) => STATE === 'P' || STATE === 'Z');
    expect(posted.length).to.be.greaterThan(40);
    for (const batch of posted) {
      const lines = linesOf(batch);
      expect(lines.length, `${batch.BATCH_TITLE}`).to.be.greaterThan(1);
      for (const some of Map.groupBy(lines, ({ LOCATION }) => LOCATION).values())
        expect(balance(some), `${batch.BATCH_TITLE}`).to.equal(0n);
    }
  });

  it('hold drafts that do not, overall or between entities', () => {
    const drafts = rows('GLBATCH').filter(({ STATE }) => STATE === 'I');
    expect(drafts.filter((batch) => balance(linesOf(batch)) !== 0n)).to.have.length(1);
    const across = drafts.filter((batch) => {
      const entities = [...Map.groupBy(linesOf(batch), ({ LOCATION }) => LOCATION).values()];
      return balance(linesOf(batch)) === 0n && entities.some((lines) => balance(lines) !== 0n);
    });
    expect(across).to.have.length(1);
    expect(rows('GLENTRY').filter(({ STATISTICAL }) => STATISTICAL === 'T')).to.have.length(1);
  });

  it('hold every state of entries, bills and payments, several modules, and two currencies', async () => {
    const states = async (object: string) =>
      new Set(all(await session.query(object, 'STATE', '', `${everything}${byNumber}`), 'STATE'));
    expect([...(await states('GLBATCH'))]).to.have.members([
      'Draft',
      'Submitted',
      'Partially Approved',
      'Approved',
      'Posted',
      'Declined',
      'Reversal Pending',
      'Reversed',
    ]);
    expect([...(await states('APBILL'))]).to.include.members([
      'Draft',
      'Submitted',
      'Partially Approved',
      'Declined',
      'Posted',
      'Selected',
      'Partially Paid',
      'Paid',
    ]);
    expect([...(await states('APPYMT'))]).to.have.members([
      'Draft',
      'Submitted',
      'Approved',
      'Unapproved',
      'Posted',
      'Voided',
    ]);
    expect([...new Set(rows('GLBATCH').map(({ MODULE }) => MODULE))]).to.have.members([
      '2.GL',
      '3.AP',
      '6.EE',
      '11.CM',
    ]);
    expect([...new Set(rows('APBILL').map(({ CURRENCY }) => CURRENCY))]).to.have.members(['GBP', 'EUR']);
    expect([...new Set(rows('APPYMT').map(({ PAYMENTMETHOD }) => PAYMENTMETHOD))]).to.include.members([
      'ACH',
      'Printed Check',
      'EFT',
    ]);
  });

  it('keep to themselves what is of a private entity', async () => {
    for (const object of ['APBILL', 'APPYMT', 'GLBATCH']) {
      const top = all(await session.query(object, 'MEGAENTITYNAME'), 'MEGAENTITYNAME');
      const whole = all(
        await session.query(object, 'MEGAENTITYNAME', '', `${everything}${byNumber}`),
        'MEGAENTITYNAME',
      );
      expect([top.includes('UK Government Investments'), top.length < whole.length], object).to.deep.equal([
        false,
        true,
      ]);
    }
  });

  it('show lines by the RECORDNO of their entry under BATCHNO, unsigned, and in the view signed', async () => {
    const [batch] = rows('GLBATCH').filter(({ STATE }) => STATE === 'P');
    const ofBatch = filter('equalto', 'BATCHNO', String(batch?.RECORDNO));
    const lines = await session.query('GLENTRY', 'BATCHNO BATCH_NUMBER TR_TYPE AMOUNT ACCOUNTTITLE', ofBatch);
    expect(all(lines, 'BATCH_NUMBER')[0]).to.equal(String(batch?.BATCHNO));
    expect(all(lines, 'AMOUNT').every((amount) => !amount.startsWith('-'))).to.equal(true);
    const view = await session.query('GLDETAIL', 'AMOUNT', filter('equalto', 'BATCHKEY', String(batch?.RECORDNO)));
    expect(sum(all(view, 'AMOUNT'))).to.equal(0n);
    expect(all(view, 'AMOUNT')).to.have.length(all(lines, 'AMOUNT').length);
    const [draft] = rows('GLBATCH').filter(({ STATE }) => STATE === 'I');
    const none = await session.query('GLDETAIL', 'AMOUNT', filter('equalto', 'BATCHKEY', String(draft?.RECORDNO)));
    expect(all(none, 'AMOUNT')).to.deep.equal([]);
  });

  it('post sub-ledgers as summaries of a day', async () => {
    const text = await session.query(
      'GLBATCH',
      'BATCH_TITLE JOURNAL.SYMBOL PRBATCHKEY',
      filter('equalto', 'MODULE', '3.AP'),
    );
    expect(
      all(text, 'BATCH_TITLE').every((title) => /^(Bills|Payments|Voided Payments): .* Summary$/.test(title)),
    ).to.equal(true);
    expect(new Set(all(text, 'JOURNAL.SYMBOL'))).to.deep.equal(new Set(['APJ', 'CDJ']));
    expect(all(text, 'PRBATCHKEY').every((key) => key !== '')).to.equal(true);
  });

  it('agree with themselves: what is due is what was entered less what was paid', () => {
    for (const bill of rows('APBILL')) {
      const { TRX_TOTALENTERED, TRX_TOTALPAID, TRX_TOTALDUE, TRX_TOTALSELECTED } = bill;
      expect(cents(TRX_TOTALDUE), `${bill.RECORDID}`).to.equal(cents(TRX_TOTALENTERED) - cents(TRX_TOTALPAID));
      expect(cents(TRX_TOTALSELECTED) <= cents(TRX_TOTALDUE), `${bill.RECORDID}`).to.equal(true);
      const items = gateway.site.ledger.where('APBILLITEM', 'RECORDKEY', bill.RECORDNO);
      expect(sum(items.map(({ TRX_AMOUNT }) => TRX_AMOUNT))).to.equal(cents(TRX_TOTALENTERED));
    }
  });

  it('have vendors on hold and inactive with payments on their way', async () => {
    const waiting = new Set(
      rows('APPYMT')
        .filter(({ STATE }) => STATE === 'S' || STATE === 'A')
        .map(({ VENDORID }) => VENDORID),
    );
    const ids = async (field: string, value: string) =>
      all(await session.query('VENDOR', 'VENDORID', filter('equalto', field, value)), 'VENDORID');
    for (const vendors of [await ids('ONHOLD', 'true'), await ids('STATUS', 'inactive')]) {
      expect(vendors).to.have.length(1);
      expect(waiting.has(vendors[0] ?? '')).to.equal(true);
    }
  });

  it('have a payment that was voided and one that another reversed', () => {
    const voided = rows('APPYMT').filter(({ STATE }) => STATE === 'V');
    const reversal = voided.find(({ TOTALENTERED }) => cents(TOTALENTERED) < 0n);
    expect(reversal?.DESCRIPTION).to.match(/^Reversal of PAY-\d+$/);
    expect(voided.some(({ RECORDID }) => `Reversal of ${RECORDID}` === reversal?.DESCRIPTION)).to.equal(true);
  });

  it('have months as periods, closed ones with an entry that was posted now, and one stuck for weeks', async () => {
    const text = await session.query(
      'REPORTINGPERIOD',
      'NAME START_DATE END_DATE',
      filter('equalto', 'NAME', 'Month Ended February 2026'),
    );
    expect([only(text, 'START_DATE'), only(text, 'END_DATE')]).to.deep.equal(['02/01/2026', '02/28/2026']);
    const closed = gateway.site.settings().booksClosedThrough ?? '';
    expect(closed).to.equal('2026-01-31');
    const late = rows('GLBATCH').filter(
      ({ BATCH_DATE, AUWHENCREATED }) =>
        String(BATCH_DATE) <= closed && Number(AUWHENCREATED) > gateway.now() - 3_600_000,
    );
    expect(late).to.have.length(1);
    const stuck = rows('GLBATCH').filter(
      ({ STATE, WHENMODIFIED }) => STATE === 'S' && Number(WHENMODIFIED) < gateway.now() - 14 * 86_400_000,
    );
    expect(stuck).to.have.length(1);
    expect(rows('GLBATCH').filter(({ WHENMODIFIED }) => WHENMODIFIED === 0 || WHENMODIFIED === null)).to.have.length(2);
  });

  it('are the same each time', () => {
    const again = new TestGateway({}, 60);
    const all = (site: TestGateway) =>
      ['GLBATCH', 'GLENTRY', 'APBILL', 'APPYMT'].map((object) => [...site.site.ledger.rows(object)]);
    expect(all(again)).to.deep.equal(all(gateway));
    return again.close();
  });

  it('link to a page of each record, or to none', async () => {
    const ask = async () => all(await session.query('APPYMT', 'RECORD_URL'), 'RECORD_URL');
    const [url = ''] = await ask();
    expect(url).to.match(/\/ia\/acct\/ur\.phtml\?\.r=\S+$/);
    const page = await fetch(url);
    expect([page.status, await page.text()]).to.deep.equal([200, await (await fetch(url)).text()]);
    expect((await fetch(`${url}x`)).status).to.equal(404);
    gateway.site.changeSettings({ recordUrlBase: 'https://www.intacct.com/ia/acct/ur.phtml' });
    expect((await ask())[0]).to.match(/^https:\/\/www\.intacct\.com\/ia\/acct\/ur\.phtml\?\.r=/);
    gateway.site.changeSettings({ recordUrl: 'empty' });
    expect(new Set(await ask())).to.deep.equal(new Set(['']));
  });
});
