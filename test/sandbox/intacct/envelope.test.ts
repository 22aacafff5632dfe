import { expect } from 'chai';
import { all, only, request, results, TestGateway, type TestSession } from './gateway.ts';

const list = '<query><object>JOURNAL</object><select><field>SYMBOL</field></select></query>';

describe('sandbox intacct: the envelope', () => {
  let gateway: TestGateway;
  let session: TestSession;
  before(async () => {
    gateway = new TestGateway();
    session = await gateway.session();
  });
  after(() => gateway.close());
  afterEach(() => gateway.site.changeSettings({ senderAuthorised: true, culpritStatus: 'failure', supportId: true }));

  const send = (control: string, functions = [list]) => gateway.post(request(control, gateway.login(), functions));

  /** Refused as a whole: a control failure, and no operation at all. */
  function expectControl(text: string, errorno: string): void {
    expect(only(only(text, 'control'), 'status')).to.equal('failure');
    expect(all(text, 'errorno')[0]).to.equal(errorno);
    expect(text).not.to.include('<operation>');
  }

  it('answers in XML, control first, then the sign-in, then a result for each function', async () => {
    const { status, type, text } = await send(gateway.control(undefined, 'poll-0001'));
    expect([status, type]).to.deep.equal([200, 'text/xml; charset=UTF-8']);
    expect(text).to.match(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<response><control><status>success/);
    expect(only(only(text, 'control'), 'controlid')).to.equal('poll-0001');
    expect(only(text, 'authentication')).to.equal(
      '<status>success</status><userid>countersign</userid><companyid>Treasury-sandbox</companyid><locationid></locationid>' +
        '<sessiontimestamp>2026-03-10T09:30:00+00:00</sessiontimestamp><sessiontimeout>2026-03-10T11:30:00+00:00</sessiontimeout>',
    );
    expect(only(text, 'result')).to.match(/^<status>success<\/status><function>query<\/function><controlid>f1</);
  });

  it('puts white space between elements when asked', async () => {
    const more = '<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion><includewhitespace>true</includewhitespace>';
    expect((await send(gateway.control(more))).text).to.include('<response>\n<control>\n<status>success</status>\n');
  });

  // Each control is out of order, incomplete or holds what the schema does not know.
  const { senderid, password, controlid } = {
    senderid: '<senderid>countersign_ws</senderid>',
    password: '<password>sandbox-intacct-sender</password>',
    controlid: '<controlid>x</controlid>',
  };
  const wrongControls = {
    'controlid before password': senderid + controlid + password,
    'dtdversion before uniqueid': `${senderid}${password}${controlid}<dtdversion>3.0</dtdversion><uniqueid>false</uniqueid>`,
    'an unknown element': `${senderid}${password}${controlid}<colour>red</colour>`,
    'no controlid': senderid + password,
    'an empty controlid': `${senderid}${password}<controlid></controlid>`,
    'a controlid of 257 characters': `${senderid}${password}<controlid>${'x'.repeat(257)}</controlid>`,
    'the same element twice': senderid + senderid + password + controlid,
  };
  for (const [what, control] of Object.entries(wrongControls)) {
    it(`refuses ${what} in control`, async () => {
      expectControl((await send(`<control>${control}</control>`)).text, 'XL03000003');
    });
  }

  it('refuses an unknown sender at control level, its case counting', async () => {
    for (const change of [
      (text: string) => text.replace('countersign_ws', 'Countersign_ws'),
      (text: string) => text.replace('sandbox-intacct-sender', 'other'),
    ]) {
      expectControl((await send(change(gateway.control()))).text, 'XL03000006');
    }
  });

  it('has no asynchronous delivery', async () => {
    const more = '<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion><policyid>later</policyid>';
    expectControl((await send(gateway.control(more))).text, 'XL03000006');
  });

  // What is wrong is in the operation, and the schema refuses the whole request.
  const login =
    '<userid>countersign</userid><companyid>Treasury-sandbox</companyid><password>sandbox-intacct-service</password>';
  const wrongOperations: Record<string, (text: string) => string> = {
    'a login out of order': (text) =>
      text.replace(login, login.replace(/(<userid>.*<\/companyid>)(<password>.*)/, '$2$1')),
    'two ways to sign in': (text) => text.replace('</login>', '</login><sessionid>x</sessionid>'),
    'a function without controlid': (text) => text.replace(' controlid="f1"', ''),
    'an unknown function': (text) => text.replace(list, '<makeCoffee/>'),
    'a function named like a property of every object': (text) => text.replace(list, '<toString/>'),
    'two functions in one': (text) => text.replace(list, list + list),
    'no function': (text) => text.replace(/<content>.*<\/content>/, '<content></content>'),
    'a transaction that is neither true nor false': (text) =>
      text.replace('<operation>', '<operation transaction="yes">'),
    'an old dtdversion': (text) => text.replace('<dtdversion>3.0', '<dtdversion>2.1'),
    'tags that do not close': (text) => text.replace('</content>', ''),
    'another root': (text) => text.replaceAll('request>', 'question>'),
    'a bare ampersand': (text) => text.replace('SYMBOL', 'A & B'),
    'an entity of nobody': (text) => text.replace('SYMBOL', '&nbsp;'),
    'a forbidden character': (text) => text.replace('SYMBOL', '&#8;'),
  };
  for (const [what, change] of Object.entries(wrongOperations)) {
    it(`refuses ${what}`, async () => {
      const good = request(gateway.control(), gateway.login(), [list]);
      expect(change(good)).not.to.equal(good);
      expectControl((await gateway.post(change(good))).text, 'XL03000003');
    });
  }

  it('refuses document types, entities of the sender and XML bombs, and looks at no file', async () => {
    const [declaration, body] = request(gateway.control(), gateway.login(), [list.replace('SYMBOL', '&a;')]).split(
      '?>',
    );
    const doctypes = [
      '<!DOCTYPE request [<!ENTITY a "SYMBOL">]>',
      '<!DOCTYPE request [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
      `<!DOCTYPE request [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')}<!ENTITY a "&l9;">]>`,
    ];
    for (const doctype of doctypes)
      expectControl((await gateway.post(`${declaration}?>${doctype}${body}`)).text, 'XL03000003');
  });

  it('refuses five thousand levels of elements', async () => {
    const nested = '<and>'.repeat(5_000) + '</and>'.repeat(5_000);
    expectControl(
      (await send(gateway.control(), [list.replace('</query>', `<filter>${nested}</filter></query>`)])).text,
      'XL03000003',
    );
  });

  it('takes UTF-8 alone, and a body of five million bytes at most', async () => {
    const good = request(gateway.control(), gateway.login(), [list]);
    expectControl((await gateway.post(Buffer.from(good.replace('poll-1', 'caf\u00e9'), 'latin1'))).text, 'XL03000003');
    expectControl((await gateway.post(good.replace('UTF-8', 'ISO-8859-1'))).text, 'XL03000003');
    const large = await gateway.post(good.replace('</request>', `${' '.repeat(5_000_000)}</request>`));
    expect([large.status, only(large.text, 'errorno')]).to.deep.equal([400, 'GW-0011']);
    expect(large.text).not.to.include('senderid');
  });

  it('reads CDATA and the five entities, and writes text escaped', async () => {
    const { RECORDNO } = gateway.site.hand.add('VENDOR', { VENDORID: 'AB', NAME: 'A & <B> "C"', STATUS: 'active' });
    for (const value of ['A &amp; &lt;B&gt; &quot;C&quot;', '<![CDATA[A & <B> "C"]]>', 'A &#38; &#x3c;B> "C"']) {
      const filter = `<equalto><field>NAME</field><value>${value}</value></equalto>`;
      const text = await session.query('VENDOR', 'RECORDNO NAME', filter);
      expect(text).to.include(`<RECORDNO>${RECORDNO}</RECORDNO><NAME>A &amp; &lt;B&gt; &quot;C&quot;</NAME>`);
    }
  });

  it('runs several functions in order, each with a status of its own', async () => {
    const { text } = await session.send([list, list.replace('SYMBOL', 'COLOUR'), list]);
    expect(results(text)).to.deep.equal(['success', 'failure XL03000010', 'success']);
    expect(all(text, 'result').map((result) => only(result, 'controlid'))).to.deep.equal(['f1', 'f2', 'f3']);
  });

  it('refuses the control id of a function a second time, unless uniqueid is false', async () => {
    const unique = gateway.control('<dtdversion>3.0</dtdversion>');
    expect(results((await session.send([list], '', unique)).text)).to.deep.equal(['success']);
    expect(results((await session.send([list], '', unique)).text)).to.deep.equal(['failure BL01001973']);
    expect(results((await session.send([list])).text)).to.deep.equal(['success']);
  });

  describe('a transaction', () => {
    const approve = (key: number) =>
      `<approve_appaymentrequest><appaymentkeys><appaymentkey>${key}</appaymentkey></appaymentkeys></approve_appaymentrequest>`;
    const stateOf = (key: number) => gateway.site.ledger.get('APPYMT', key)?.STATE;

    it('takes all back where one fails: the culprit says why, its siblings are aborted', async () => {
      const amara = await gateway.session('amara.okafor');
      const key = [...gateway.site.ledger.rows('APPYMT')].find(({ STATE }) => STATE === 'S')?.RECORDNO ?? 0;
      const history = gateway.site.ledger.size('AUDITHISTORY');
      const { text } = await amara.send([approve(key), approve(999_999), list], ' transaction="true"');
      expect(results(text)).to.deep.equal([
        'aborted XL03000009',
        'failure BL01001973 BL01001973',
        'aborted XL03000009',
      ]);
      expect([stateOf(key), gateway.site.ledger.size('AUDITHISTORY')]).to.deep.equal(['S', history]);
      gateway.site.changeSettings({ culpritStatus: 'aborted' });
      const again = await amara.send([approve(key), approve(999_999)], ' transaction="true"');
      expect(results(again.text)).to.deep.equal(['aborted XL03000009', 'aborted BL01001973 BL01001973 XL03000009']);
    });

    it('without it, what succeeded stays', async () => {
      const amara = await gateway.session('amara.okafor');
      const key = [...gateway.site.ledger.rows('APPYMT')].find(({ STATE }) => STATE === 'S')?.RECORDNO ?? 0;
      const { text } = await amara.send([approve(key), approve(999_999)]);
      expect(results(text)).to.deep.equal(['success', 'failure BL01001973 BL01001973']);
      expect(stateOf(key)).not.to.equal('S');
    });
  });

  describe('sign-in', () => {
    /** Refused at sign-in: the errors stand beside `authentication`, and there is no result. */
    function expectOperation(text: string, words: RegExp): void {
      expect(only(only(text, 'control'), 'status')).to.equal('success');
      expect(only(text, 'operation')).to.match(
        /^<authentication><status>failure<\/status>.*<\/authentication><errormessage>/,
      );
      expect(only(text, 'errorno')).to.equal('XL03000006');
      expect(only(text, 'description2')).to.match(words);
      expect(text).not.to.include('<result>');
    }

    it('fails beside authentication, without a result', async () => {
      const wrong = gateway.login().replace('sandbox-intacct-service', 'guess');
      expectOperation(
        (await gateway.post(request(gateway.control(), wrong, [list]))).text,
        /Sign-in information is incorrect/,
      );
      const elsewhere = gateway.login().replace('Treasury-sandbox', 'Other');
      expectOperation((await gateway.post(request(gateway.control(), elsewhere, [list]))).text, /Sign-in information/);
      gateway.site.changeSettings({ senderAuthorised: false });
      expectOperation((await send(gateway.control())).text, /is not authorized to make Web Services requests/);
    });

    it('fails so for a session of nobody, naming neither user nor company', async () => {
      const { text } = await gateway.post(
        request(gateway.control(), '<sessionid>qwertz</sessionid>', [list]),
        session.endpoint,
      );
      expectOperation(text, /^Invalid session/);
      expect(text).to.include('<userid></userid><companyid></companyid>');
    });
  });

  it('ends descriptions with a number for support, and says more of an error when asked', async () => {
    const wrong = list.replace('SYMBOL', 'COLOUR');
    const plain = await session.call(wrong);
    expect(only(plain, 'description2')).to.match(/\[Support ID: [0-9a-f]+%7E[0-9a-f]+\]$/);
    expect(plain).not.to.include('additionalinfo');
    const more =
      '<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion><showadditionalerrorinfo>true</showadditionalerrorinfo>';
    const { text } = await session.send([wrong], '', gateway.control(more));
    expect(only(text, 'additionalinfo')).to.match(/<errorid>XL03000010<\/errorid><category>/);
    gateway.site.changeSettings({ supportId: false });
    expect(only(await session.call(wrong), 'description2')).not.to.include('Support ID');
  });

  it('refuses what is no XML by its content type, as the gateway in front', async () => {
    const body = request(gateway.control(), gateway.login(), [list]);
    const response = await fetch(gateway.site.describe().url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).to.equal(400);
    expect(only(await response.text(), 'errorno')).to.equal('GW-0011');
  });
});
