import { expect } from 'chai';
import { all, counts, only, results, TestGateway, type TestSession } from './gateway.ts';

describe('sandbox intacct: the other ways to read', () => {
  let gateway: TestGateway;
  let session: TestSession;
  before(async () => {
    gateway = new TestGateway({}, 0);
    session = await gateway.session();
    const { hand } = gateway.site;
    for (const [number, state] of ['Posted', 'Submitted', 'Declined', 'Partially Approved'].entries()) {
      hand.add('APBILL', {
        RECORDID: `B${number}`,
        STATE: state,
        VENDORID: 'OECD',
        DESCRIPTION: "Jane's Deli",
        TOTALDUE: '10.00',
      });
    }
    hand.add('APBILLITEM', { RECORDKEY: 41, LINE_NO: 1, AMOUNT: '10.00', ACCOUNTNO: '6000' });
  });
  after(() => gateway.close());
  afterEach(() =>
    gateway.site.changeSettings({
      unordered: 'insertion',
      rowsLostPerPage: 0,
      auditHistoryAllowed: true,
      legacyRows: 'lower',
    }),
  );

  describe('readByQuery', () => {
    const found = async (condition: string) =>
      all(await session.readByQuery('APBILL', 'RECORDID', condition), 'RECORDID').join(' ');

    // query -> the bills it finds
    const rules: [string, string][] = [
      ['', 'B0 B1 B2 B3'],
      ["STATE = 'S'", 'B1'], // codes
      ["STATE = 'U'", 'B2'],
      ["STATE = 'Submitted'", ''], // labels are not for readByQuery
      ["STATE in ('A','PA') and RECORDID != ''", 'error'],
      ["STATE in ('A','PA')", 'B0 B3'],
      ["state not in ('A','PA')", 'B1 B2'],
      ["DESCRIPTION = 'Jane\\'s Deli' and STATE = 'A'", 'B0'],
      ["RECORDNO &gt;= 43 or RECORDID like '%0'", 'B0 B2 B3'],
      ["(RECORDNO &lt; 42 OR STATE='S') AND TOTALDUE = 10", 'B0 B1'],
      ['WHENPAID IS NULL and DESCRIPTION is not null', 'B0 B1 B2 B3'],
      ["RECORDID not like 'B%'", ''],
      ["STATE = 'A' ORDER BY RECORDNO", 'error'],
      ["VENDOR.NAME = 'OECD'", 'error'], // no joins
      ["COLOUR = 'red'", 'error'],
      ["WHENCREATED &gt; '2026-03-01'", 'error'], // ISO
      ["STATE = 'A", 'error'],
    ];
    for (const [condition, expected] of rules) {
      it(`${condition || 'an empty query'} finds ${expected || 'nothing'}`, async () => {
        if (expected === 'error') {
          expect(results(await session.readByQuery('APBILL', 'RECORDID', condition))).to.deep.equal([
            'failure DL02000001',
          ]);
        } else expect(await found(condition)).to.equal(expected);
      });
    }

    it('answers with lowercase rows of uppercase fields, and with labels', async () => {
      const text = await session.readByQuery('APBILL', 'RECORDID,STATE', "STATE = 'U'");
      expect(only(text, 'apbill')).to.equal('<RECORDID>B2</RECORDID><STATE>Declined</STATE>');
      expect(counts(text)).to.deep.equal({
        listtype: 'apbill',
        count: '1',
        totalcount: '1',
        numremaining: '0',
        resultId: '',
      });
      gateway.site.changeSettings({ legacyRows: 'upper' });
      expect(all(await session.readByQuery('APBILL', '*', ''), 'APBILL')).to.have.length(4);
    });

    it('gives all fields for an asterisk, and never the lines', async () => {
      const row = only(await session.readByQuery('APBILL', '*', "STATE = 'A'"), 'apbill');
      expect(row).to.include('<RECORDTYPE>pi</RECORDTYPE>').and.not.include('APBILLITEM');
    });

    it('pages by readMore until nothing remains, its rows fixed when it began', async () => {
      const first = await session.readByQuery('APBILL', 'RECORDID', '', 3);
      const { resultId, ...rest } = counts(first);
      expect(rest).to.deep.equal({ listtype: 'apbill', count: '3', totalcount: '4', numremaining: '1' });
      const late = gateway.site.hand.add('APBILL', { RECORDID: 'B9', STATE: 'Draft' });
      const second = await session.call(`<readMore><resultId>${resultId}</resultId></readMore>`);
      expect(counts(second)).to.deep.include({ count: '1', numremaining: '0', resultId });
      expect([...all(first, 'RECORDID'), ...all(second, 'RECORDID')]).to.deep.equal(['B0', 'B1', 'B2', 'B3']);
      const third = await session.call(`<readMore><resultId>${resultId}</resultId></readMore>`);
      expect(results(third)).to.deep.equal(['failure readMore failed']);
      gateway.site.hand.remove('APBILL', late.RECORDNO);
    });

    it('keeps a result set to the session that began it', async () => {
      const { resultId } = counts(await session.readByQuery('APBILL', 'RECORDID', '', 1));
      const other = await gateway.session();
      expect(results(await other.call(`<readMore><resultId>${resultId}</resultId></readMore>`))).to.deep.equal([
        'failure readMore failed',
      ]);
    });

    it('takes pages of 1000 at most, and may lose rows between them', async () => {
      expect(results(await session.readByQuery('APBILL', '*', '', 1001))).to.deep.equal(['failure DL02000001']);
      gateway.site.changeSettings({ legacyPageSizeMost: 2000 });
      expect(results(await session.readByQuery('APBILL', '*', '', 2000))).to.deep.equal(['success']);
      gateway.site.changeSettings({ rowsLostPerPage: 1 });
      const first = await session.readByQuery('APBILL', 'RECORDID', '', 2);
      expect([counts(first).count, counts(first).numremaining]).to.deep.equal(['1', '2']);
    });

    it('takes the codes T and F for what query calls true and false', async () => {
      const names = async (text: Promise<string>) => all(await text, 'NAME').length;
      const budgeted = [...gateway.site.ledger.rows('REPORTINGPERIOD')].filter(
        ({ BUDGETING }) => BUDGETING === 'T',
      ).length;
      expect(await names(session.readByQuery('REPORTINGPERIOD', 'NAME', "BUDGETING = 'T'"))).to.equal(budgeted);
      expect(await names(session.readByQuery('REPORTINGPERIOD', 'NAME', "BUDGETING = 'true'"))).to.equal(0);
      const condition = '<equalto><field>BUDGETING</field><value>true</value></equalto>';
      expect(await names(session.query('REPORTINGPERIOD', 'NAME', condition))).to.equal(budgeted);
    });

    it('knows no other object', async () => {
      const text = await session.readByQuery('VENDOR9', '*', '');
      expect(results(text)).to.deep.equal(['failure Query Failed']);
      expect(only(text, 'description2')).to.match(/^Object definition VENDOR9 not found/);
    });
  });

  it('reads by RECORDNO, in the order asked, with the lines that a record owns', async () => {
    const text = await session.call('<read><object>APBILL</object><keys>42,41,999</keys><fields>*</fields></read>');
    expect(counts(text)).to.deep.equal({ listtype: 'APBILL', count: '2' });
    expect(all(text, 'RECORDID')).to.deep.equal(['B1', 'B0']);
    const [first = '', second = ''] = all(text, 'APBILLITEMS');
    expect(first).to.equal('');
    expect(only(second, 'APBILLITEM')).to.include('<LINE_NO>1</LINE_NO><AMOUNT>10</AMOUNT>');
    const some = await session.call('<read><object>APBILL</object><keys>41</keys><fields>RECORDID</fields></read>');
    expect(only(some, 'APBILL')).to.equal('<RECORDID>B0</RECORDID>');
  });

  it('reads no row of a private entity from the top level', async () => {
    const { RECORDNO } = gateway.site.hand.add('APBILL', { RECORDID: 'P', STATE: 'Draft', MEGAENTITYKEY: 5 });
    const asked = `<read><object>APBILL</object><keys>${RECORDNO}</keys><fields>RECORDID</fields></read>`;
    expect(counts(await session.call(asked)).count).to.equal('0');
    expect(counts(await (await gateway.session('countersign', 'E500')).call(asked)).count).to.equal('1');
    gateway.site.hand.remove('APBILL', RECORDNO);
  });

  it('reads by the name that people use', async () => {
    const ask = (object: string, key: string) =>
      session.call(`<readByName><object>${object}</object><keys>${key}</keys><fields>RECORDNO</fields></readByName>`);
    expect(only(await ask('VENDOR', 'OECD'), 'RECORDNO')).to.match(/^\d+$/);
    expect(only(await ask('USERINFO', 'amara.okafor'), 'RECORDNO')).to.equal('12');
    expect(counts(await ask('VENDOR', 'NOBODY')).count).to.equal('0');
  });

  it('looks up fields with their types and allowed labels, and where joins lead', async () => {
    const text = await session.call('<lookup><object>APPYMT</object></lookup>');
    const state = all(text, 'Field').find((field) => only(field, 'ID') === 'STATE') ?? '';
    expect(only(state, 'DATATYPE')).to.equal('ENUM');
    expect(all(state, 'VALIDVALUE')).to.include.members([
      'Draft',
      'Submitted',
      'Approved',
      'Posted',
      'Voided',
      'Unapproved',
    ]);
    expect(only(text, 'Relationships')).to.include('<OBJECTPATH>VENDOR</OBJECTPATH>');
    gateway.site.changeSettings({ declinedPayment: 'Declined' });
    expect(await session.call('<lookup><object>APPYMT</object></lookup>')).to.include(
      '<VALIDVALUE>Declined</VALIDVALUE>',
    );
    expect(results(await session.call('<lookup><object>NOTHING</object></lookup>'))).to.deep.equal([
      'failure XL03000009',
    ]);
  });

  it('inspects names, details, and all objects', async () => {
    expect(all(await session.call('<inspect><object>VENDOR</object></inspect>'), 'Field')).to.include('VENDORID');
    const detailed = await session.call('<inspect detail="1"><object>VENDOR</object></inspect>');
    expect(all(detailed, 'Name')).to.include('VENDORID');
    expect(await session.call('<inspect><object>*</object></inspect>')).to.include('>GLBATCH</type>');
  });

  it('tells how a user sees dates, and which entities there are', async () => {
    const formatting = await session.call('<readUserFormatting><key>11</key></readUserFormatting>');
    expect(only(formatting, 'userformatting')).to.equal(
      '<recordno>11</recordno><locale>en_US</locale><dateformat>/mdY</dateformat><gmtoffset>+00:00</gmtoffset><clock>24</clock>',
    );
    expect(
      results(await session.call('<readUserFormatting><userId>nobody</userId></readUserFormatting>')),
    ).to.deep.equal(['failure BL01001973']);
    const entities = await session.call('<readEntityDetails/>');
    expect(all(entities, 'id')).to.deep.equal(['E100', 'E200', 'E300', 'E400', 'E500']);
    expect(all(entities, 'currency')).to.include('GBP');
  });

  describe('AUDITHISTORY', () => {
    const ofMode = (mode: string) => `<and>
      <equalto><field>OBJECTTYPE</field><value>apbill</value></equalto>
      <equalto><field>ACCESSMODE</field><value>${mode}</value></equalto></and>`;

    it('is the only place that tells of a deletion', async () => {
      const { RECORDNO } = gateway.site.hand.add('APBILL', { RECORDID: 'GONE', STATE: 'Draft' });
      gateway.site.hand.remove('APBILL', RECORDNO);
      expect(await session.query('APBILL', 'RECORDID')).not.to.include('GONE');
      const more = '<orderby><order><field>ID</field><ascending/></order></orderby>';
      const text = await session.query('AUDITHISTORY', 'ID OBJECTKEY ACCESSTIME USERID', ofMode('D'), more);
      expect(all(text, 'OBJECTKEY')).to.include(`${RECORDNO}--REC`);
      expect(all(text, 'ACCESSTIME')[0]).to.equal('03/10/2026 09:30:00');
    });

    it('takes codes in query and words in readByQuery, the other way round', async () => {
      expect(Number(counts(await session.query('AUDITHISTORY', 'ID', ofMode('D'), '')).count)).to.be.greaterThan(0);
      expect(counts(await session.query('AUDITHISTORY', 'ID', ofMode('Delete'), '')).count).to.equal('0');
      expect(
        Number(counts(await session.readByQuery('AUDITHISTORY', 'ID', "ACCESSMODE = 'Delete'")).count),
      ).to.be.greaterThan(0);
      expect(counts(await session.readByQuery('AUDITHISTORY', 'ID', "ACCESSMODE = 'D'")).count).to.equal('0');
    });

    it('needs a permission of its own, and denies without a number', async () => {
      gateway.site.changeSettings({ auditHistoryAllowed: false });
      const text = await session.query('AUDITHISTORY', 'ID', '', '');
      expect(results(text)).to.deep.equal(['failure']);
      expect(only(text, 'description2')).to.match(/^You do not have permission to view audit history/);
    });

    it('shows the steps of one record with getAuditTrail', async () => {
      gateway.site.hand.change('APBILL', 41, { DESCRIPTION: 'changed' });
      const text = await session.call('<getAuditTrail><object>APBILL</object><recordNo>41</recordNo></getAuditTrail>');
      expect(all(text, 'accessMode')).to.deep.equal(['create', 'modify']);
    });
  });
});
