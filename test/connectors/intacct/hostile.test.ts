import { expect } from 'chai';
import { credentialsSchema } from '../../../connectors/intacct/credentials.ts';
import { readBody } from '../../../connectors/intacct/gateway/answer.ts';
import { checkedEndpoint } from '../../../connectors/intacct/gateway/calls.ts';
import { problemOfStatus } from '../../../connectors/intacct/gateway/problem.ts';
import { readXml, XmlProblem } from '../../../connectors/intacct/xml/read.ts';
import { errorOf } from '../../outbound/servers.ts';
import { Company } from './company.ts';

const { signal } = new AbortController();
const problemOf = (text: string): string | undefined => {
  try {
    readXml(text);
    return undefined;
  } catch (error) {
    if (error instanceof XmlProblem) return error.kind;
    throw error;
  }
};

const messageOf = (text: string): string => {
  try {
    readXml(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('connectors intacct: hostile answers', () => {
  let company: Company;
  beforeEach(async () => {
    company = await Company.start();
  });
  afterEach(() => company.close());

  for (const kind of ['xml-bomb', 'external-entity', 'deep-nesting', 'wrong-encoding'] as const)
    it(`refuses an answer that is: ${kind}`, async () => {
      const connection = company.connect();
      await connection.test(signal);
      company.site.setFault({ kind });
      const error = await errorOf(company.pages(connection));
      expect(error).to.include({ name: 'PermanentError', reason: 'unexpected_answer' });
    });

  it('breaks off a body of 50 MB while it comes', async () => {
    const connection = company.connect();
    await connection.test(signal);
    company.site.setFault({ kind: 'oversized', bytes: 50_000_000 });
    const before = process.memoryUsage().arrayBuffers;
    expect(await errorOf(company.pages(connection))).to.include({ name: 'PermanentError', reason: 'body_too_large' });
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(50_000_000);
  });

  it('follows no session to an address that is not the own one of the gateway', async () => {
    for (const endpoint of ['https://intacct.example/', 'http://na12.intacct.com/ia/xml/xmlgw.phtml']) {
      company.site.changeSettings({ endpoint });
      const error = await errorOf(company.connect().test(signal));
      expect(error).to.include({ name: 'ReconnectError', field: 'gateway' });
    }
  });

  it('takes text as text: markup, quotes and amounts of a vendor come through unchanged', async () => {
    const description = 'Desks & chairs <b>"3 < 4"</b> &amp; more \u{1f4a1}';
    const { RECORDNO } = company.site.maker.bill({ state: 'S', more: { DESCRIPTION: description, RECORDID: 'A&B' } });
    const bill = await company.get(RECORDNO);
    expect(bill).to.include({ description, reference: 'A&B' });
  });

  it('writes whatever was entered as text, too', async () => {
    const error = await errorOf(company.connect({ password: '</password><b a="1">&\u0001' }).test(signal));
    expect(error).to.include({ name: 'ReconnectError', field: 'login' });
  });

  it('sends passwords to Intacct by https alone, and to another address as the administrator says', () => {
    const { gateway } = credentialsSchema.shape;
    for (const address of [
      'http://api.intacct.com/ia/xml/xmlgw.phtml',
      'HTTP://intacct.com/',
      'http://intacct.com:80/',
    ])
      expect(gateway.safeParse(address).error?.issues[0]?.message).to.equal('must begin with https://');
    for (const address of ['https://api.intacct.com/ia/xml/xmlgw.phtml', 'http://127.0.0.1:4000/xml'])
      expect(gateway.safeParse(address).data).to.equal(address);
  });

  it('waits an hour at most, whatever the answer asks for', () => {
    const response = { status: 429, headers: { 'retry-after': '99999999999' }, setCookies: [], text: '', url: '' };
    expect(problemOfStatus(response, String)).to.include({ kind: 'limit', retryAfterMs: 3_600_000 });
  });

  it('is not sent round in circles by pages that never go on, each of them billed', async () => {
    for (let count = 0; count < 5; count += 1) company.site.maker.bill({ state: 'S' });
    const first = /(<greaterthan><field>RECORDNO<\/field><value>)\d+/;
    const circling = company.connect({ page_size: 2 }, company.state, (body) =>
      body.replace(first, (_, start) => `${start}0`),
    );
    const error = await errorOf(company.pages(circling));
    expect(error).to.include({ name: 'PermanentError', reason: 'unexpected_answer' });
    expect(error.message).to.contain('APBILL');
  });

  it('looks through megabytes of tags that never end in no time', () => {
    // Each start was once searched to the end of all: half an hour for this.
    for (const text of ['<a'.repeat(600_000), `<r a="${'<a '.repeat(400_000)}`]) {
      expect(problemOf(text)).to.equal('damaged');
      expect(messageOf(text).length).to.be.below(300);
    }
  }).timeout(20_000);

  it('keeps no more of a complaint than anybody is shown, however much is sent', () => {
    const error = `<error><errorno>${'9'.repeat(5_000)}</errorno><description2>It is${' '.repeat(300_000)}so. [Support ID: ab%7Ecd]</description2></error>`;
    const text = `<response><control><status>failure</status></control><errormessage>${error.repeat(3)}</errormessage></response>`;
    const body = readBody({ status: 200, headers: {}, setCookies: [], text, url: '' }, 1);
    if (body.place !== 'control') throw new Error('not told as an error of the control');
    for (const { errorno, text: said } of body.errors) {
      expect(errorno?.length).to.equal(100);
      expect(said).to.equal('It is');
    }
  }).timeout(20_000);

  it('tells damaged from unsafe', () => {
    // Each row: a document, and what is wrong with it.
    expect(problemOf('<a><b>1</b></a>')).to.equal(undefined);
    expect(problemOf('<a><!-- c --><![CDATA[<!DOCTYPE x>]]></a>')).to.equal(undefined);
    expect(problemOf('<a>&lt;&#65;&#x42;</a>')).to.equal(undefined);
    expect(problemOf('')).to.equal('damaged');
    expect(problemOf('{"a":1}')).to.equal('damaged');
    expect(problemOf('<a><b></a>')).to.equal('damaged');
    expect(problemOf('<a/><b/>')).to.equal('damaged');
    expect(problemOf('<a><!-- </a>')).to.equal('damaged');
    expect(problemOf('<!DOCTYPE a><a/>')).to.equal('unsafe');
    expect(problemOf('<!doctype a SYSTEM "file:///x"><a/>')).to.equal('unsafe');
    expect(problemOf('<a><!ENTITY b "c"></a>')).to.equal('unsafe');
    expect(problemOf('<a>&b;</a>')).to.equal('unsafe');
    expect(problemOf('<a>&#x110000;</a>')).to.equal('unsafe');
    expect(problemOf('<?xml version="1.0" encoding="UTF-16"?><a/>')).to.equal('unsafe');
    expect(problemOf(`${'<a>'.repeat(50)}${'</a>'.repeat(50)}`)).to.equal('unsafe');
  });

  it('lets no name reach into JavaScript itself', () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(problemOf(`<a><${name}>1</${name}></a>`)).to.be.oneOf(['damaged', undefined]);
    expect(({} as Record<string, unknown>).text).to.equal(undefined);
  });

  it('takes an endpoint of Intacct itself over TLS only', () => {
    const usual = 'https://api.intacct.com/ia/xml/xmlgw.phtml';
    const own = ['https://api.intacct.com/x', 'https://na12.intacct.com/ia/xml/xmlgw.phtml'];
    for (const endpoint of own) expect(checkedEndpoint(endpoint, usual)).to.equal(endpoint);
    const others = [
      'http://na12.intacct.com/',
      'https://intacct.com.example/',
      'https://evilintacct.com/',
      'https://na12.intacct.com:8443/',
      'https://user:secret@na12.intacct.com/',
      'no address',
    ];
    for (const endpoint of others) expect(() => checkedEndpoint(endpoint, usual), endpoint).to.throw(/not its own/);
    expect(checkedEndpoint('http://127.0.0.1:4400/b', 'http://127.0.0.1:4400/a')).to.equal('http://127.0.0.1:4400/b');
    expect(() => checkedEndpoint('http://127.0.0.1:4401/a', 'http://127.0.0.1:4400/a')).to.throw();
  });
});
