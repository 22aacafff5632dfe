import { expect } from 'chai';
import { all, byNumber, counts, filter, only, results, TestGateway, type TestSession } from './gateway.ts';

describe('sandbox intacct: query', () => {
  let gateway: TestGateway;
  let session: TestSession;
  before(async () => {
    gateway = new TestGateway({}, 0);
    session = await gateway.session();
    const bills = [
      {
        RECORDID: 'B1',
        STATE: 'Posted',
        DESCRIPTION: 'Rent',
        TOTALDUE: '100.00',
        WHENCREATED: '2026-03-01',
        VENDORID: 'OECD',
      },
      { RECORDID: 'B2', STATE: 'Submitted', DESCRIPTION: 'rental car', TOTALDUE: '90.50', WHENCREATED: '2026-03-02' },
      {
        RECORDID: 'B3',
        STATE: 'Draft',
        DESCRIPTION: null,
        TOTALDUE: '1000.00',
        WHENCREATED: '2026-03-03',
        VENDORID: 'OECD',
      },
      { RECORDID: 'B4', STATE: 'Submitted', DESCRIPTION: '', TOTALDUE: null, WHENCREATED: null },
    ];
    for (const bill of bills) gateway.site.hand.add('APBILL', bill);
  });
  after(() => gateway.close());
  afterEach(() => gateway.site.changeSettings({ unordered: 'insertion', amounts: 'trimmed' }));

  const found = async (condition: string, more = byNumber) =>
    all(await session.query('APBILL', 'RECORDID', condition, more), 'RECORDID').join(' ');

  // operator, field, values -> the bills it finds
  const rules: [string, string, string[], string][] = [
    ['equalto', 'STATE', ['Submitted'], 'B2 B4'],
    ['equalto', 'STATE', ['S'], ''], // codes are not for query
    ['equalto', 'STATE', ['submitted'], ''], // and case counts
    ['notequalto', 'STATE', ['Submitted'], 'B1 B3'],
    ['lessthan', 'TOTALDUE', ['100'], 'B2'],
    ['lessthanorequalto', 'TOTALDUE', ['100'], 'B1 B2'],
    ['greaterthan', 'TOTALDUE', ['100'], 'B3'], // as numbers, not as text
    ['greaterthanorequalto', 'TOTALDUE', ['100.00'], 'B1 B3'],
    ['between', 'TOTALDUE', ['90.5', '100'], 'B1 B2'],
    ['between', 'TOTALDUE', ['100', '90.5'], ''], // the lower one first
    ['between', 'WHENCREATED', ['03/02/2026', '03/03/2026'], 'B2 B3'],
    ['in', 'STATE', ['Draft', 'Posted'], 'B1 B3'],
    ['notin', 'STATE', ['Draft', 'Posted'], 'B2 B4'],
    ['like', 'DESCRIPTION', ['%ent%'], 'B1 B2'],
    ['like', 'DESCRIPTION', ['R_nt'], 'B1'],
    ['like', 'DESCRIPTION', ['R.nt'], ''],
    ['notlike', 'DESCRIPTION', ['R%'], 'B2'],
    ['isnull', 'DESCRIPTION', [], 'B3 B4'],
    ['isnotnull', 'DESCRIPTION', [], 'B1 B2'],
    ['notequalto', 'TOTALDUE', ['100'], 'B2 B3'], // nothing compares with nothing
    ['equalto', 'VENDOR.NAME', ['OECD'], 'B1 B3'],
    ['equalto', 'RECORDNO', ['41'], 'B1'],
  ];
  for (const [operator, field, values, expected] of rules) {
    it(`${field} ${operator} ${values.join(', ')} finds ${expected || 'nothing'}`, async () => {
      expect(await found(filter(operator, field, ...values))).to.equal(expected);
    });
  }

  it('joins conditions, and takes two at least', async () => {
    const submitted = filter('equalto', 'STATE', 'Submitted');
    expect(await found(`<and>${submitted}${filter('isnull', 'TOTALDUE')}</and>`)).to.equal('B4');
    expect(await found(`<or>${submitted}${filter('equalto', 'STATE', 'Draft')}</or>`)).to.equal('B2 B3 B4');
    for (const wrong of [
      `<and>${submitted}</and>`,
      submitted + submitted,
      '',
      '<sounds><field>STATE</field></sounds>',
    ]) {
      const text = await session.call(
        `<query><object>APBILL</object><select><field>RECORDID</field></select><filter>${wrong}</filter></query>`,
      );
      expect(results(text)).to.deep.equal(['failure XL03000003']);
    }
  });

  it('forgets case with the option', async () => {
    const more = `<options><caseinsensitive>true</caseinsensitive></options>${byNumber}`;
    expect(await found(filter('equalto', 'STATE', 'submitted'), more)).to.equal('B2 B4');
    expect(await found(filter('like', 'DESCRIPTION', 'RENT%'), more)).to.equal('B1 B2');
  });

  it('writes uppercase rows in the order of the fields, nothing being empty text', async () => {
    const text = await session.query(
      'APBILL',
      'TOTALDUE STATE vendor.name DESCRIPTION',
      filter('equalto', 'RECORDID', 'B3'),
    );
    expect(only(text, 'APBILL')).to.equal(
      '<TOTALDUE>1000</TOTALDUE><STATE>Draft</STATE><VENDOR.NAME>OECD</VENDOR.NAME><DESCRIPTION></DESCRIPTION>',
    );
    gateway.site.changeSettings({ amounts: 'two decimals' });
    expect(await session.query('APBILL', 'TOTALDUE', filter('equalto', 'RECORDID', 'B2'))).to.include('>90.50<');
  });

  it('counts in attributes, 100 rows a page unless told otherwise, 2000 at most', async () => {
    const entries = '<query><object>GLACCOUNT</object><select><field>ACCOUNTNO</field></select></query>';
    for (let number = 0; number < 130; number += 1)
      gateway.site.hand.add('GLACCOUNT', { ACCOUNTNO: `9${number}`, TITLE: 'x' });
    const total = gateway.site.ledger.size('GLACCOUNT');
    expect(counts(await session.call(entries))).to.deep.equal({
      listtype: 'GLACCOUNT',
      totalcount: `${total}`,
      offset: '0',
      count: '100',
      numremaining: `${total - 100}`,
    });
    const last = entries.replace('</query>', '<pagesize>50</pagesize><offset>120</offset></query>');
    expect(counts(await session.call(last))).to.include({ offset: '120', count: `${Math.min(50, total - 120)}` });
    const beyond = entries.replace('</query>', '<offset>100000</offset></query>');
    expect(counts(await session.call(beyond))).to.include({ count: '0', numremaining: '0' });
    for (const size of ['0', '2001', 'many']) {
      const wrong = entries.replace('</query>', `<pagesize>${size}</pagesize></query>`);
      expect(results(await session.call(wrong)), size).to.deep.equal(['failure XL03000003']);
    }
  });

  it('orders by several fields, nothing first, its children in any order', async () => {
    const order = (field: string, way: string) => `<order><field>${field}</field><${way}/></order>`;
    const by = `<orderby>${order('STATE', 'descending')}${order('TOTALDUE', 'ascending')}</orderby>`;
    expect(await found('', by)).to.equal('B4 B2 B1 B3');
    const text = await session.call(
      `<query>${by}<pagesize>1</pagesize><select><field>RECORDID</field></select><object>APBILL</object></query>`,
    );
    expect(only(text, 'RECORDID')).to.equal('B4');
  });

  it('promises no order without one', async () => {
    gateway.site.changeSettings({ unordered: 'shuffled' });
    const pages = new Set<string>();
    for (let time = 0; time < 8; time += 1) pages.add(await found('', '<pagesize>4</pagesize>'));
    expect(pages.size).to.be.greaterThan(1);
    expect(await found('')).to.equal('B1 B2 B3 B4');
  });

  it('counts, sums and compares, for all rows or by the fields beside', async () => {
    const ask = (select: string) => session.call(`<query><object>APBILL</object><select>${select}</select></query>`);
    const text = await ask(
      '<count>RECORDNO</count><sum>TOTALDUE</sum><avg>TOTALDUE</avg><min>WHENCREATED</min><max>TOTALDUE</max>',
    );
    expect(only(text, 'APBILL')).to.equal(
      '<COUNT.RECORDNO>4</COUNT.RECORDNO><SUM.TOTALDUE>1190.5</SUM.TOTALDUE><AVG.TOTALDUE>396.83</AVG.TOTALDUE>' +
        '<MIN.WHENCREATED>03/01/2026</MIN.WHENCREATED><MAX.TOTALDUE>1000</MAX.TOTALDUE>',
    );
    const grouped = await ask('<field>STATE</field><count>TOTALDUE</count>');
    expect(all(grouped, 'APBILL')).to.deep.equal([
      '<STATE>Posted</STATE><COUNT.TOTALDUE>1</COUNT.TOTALDUE>',
      '<STATE>Submitted</STATE><COUNT.TOTALDUE>1</COUNT.TOTALDUE>',
      '<STATE>Draft</STATE><COUNT.TOTALDUE>1</COUNT.TOTALDUE>',
    ]);
  });

  it('knows fields and objects by name, and no asterisk', async () => {
    expect(results(await session.query('APBILL', '*'))).to.deep.equal(['failure XL03000010']);
    expect(results(await session.query('GLDETAIL', 'RECORDNO STATUS'))).to.deep.equal(['failure XL03000010']);
    expect(results(await session.query('APBILL', 'RECORDNO', filter('isnull', 'COLOUR')))).to.deep.equal([
      'failure XL03000010',
    ]);
    expect(results(await session.query('VENDOR9', 'RECORDNO'))).to.deep.equal(['failure XL03000009']);
    const none = '<query><object>APBILL</object></query>';
    expect(results(await session.call(none))).to.deep.equal(['failure XL03000003']);
  });

  it('answers with JSON or CSV without any envelope, but with XML where it fails', async () => {
    const ask = (format: string, object = 'APBILL') =>
      session.send([
        `<query><object>${object}</object><select><field>RECORDID</field><field>TOTALDUE</field></select><filter>${filter('equalto', 'RECORDID', 'B1')}</filter><options><returnformat>${format}</returnformat></options></query>`,
      ]);
    const json = await ask('json');
    expect([json.type, JSON.parse(json.text)]).to.deep.equal([
      'application/json',
      [{ RECORDID: 'B1', TOTALDUE: '100' }],
    ]);
    expect((await ask('csv')).text).to.equal('RECORDID,TOTALDUE\nB1,100\n');
    expect((await ask('json', 'GLBATCH')).type).to.equal('text/xml; charset=UTF-8');
  });

  it('is forbidden by object, though lookup works all the same', async () => {
    gateway.site.changeSettings({ noPermission: ['APBILL'] });
    const refused = await session.query('APBILL', 'RECORDNO');
    expect(results(refused)).to.deep.equal(['failure PL04000005']);
    expect(only(refused, 'description2')).to.match(/QUERY.*APBILL/);
    const byQuery = await session.readByQuery('APBILL', '*', '');
    expect(only(byQuery, 'description2')).to.match(/READ_BY_QUERY.*APBILL/);
    expect(results(await session.call('<lookup><object>APBILL</object></lookup>'))).to.deep.equal(['success']);
    expect(results(await session.query('VENDOR', 'RECORDNO'))).to.deep.equal(['success']);
    gateway.site.changeSettings({ noPermission: [] });
  });
});
