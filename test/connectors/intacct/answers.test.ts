import { expect } from 'chai';
import type { ErpResponse } from '../../../app/outbound/http.ts';
import { rowsOf } from '../../../connectors/intacct/fields.ts';
import { readBody } from '../../../connectors/intacct/gateway/answer.ts';
import { requestXml } from '../../../connectors/intacct/gateway/request.ts';

const control = '<control><status>success</status><senderid>x</senderid></control>';
const signedIn = '<authentication><status>success</status><userid>u</userid></authentication>';
const rolledBack =
  '<errormessage><error><errorno>XL03000009</errorno><description/><description2>rolled back</description2></error></errormessage>';

/** An answer of the gateway with this inside of its operation. */
function answer(operation: string, headers: Record<string, string> = {}): ErpResponse {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<response>${control}<operation>${operation}</operation></response>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=UTF-8', ...headers },
    setCookies: [],
    text,
    url: '',
  };
}
const result = (id: string, status: string, inside = '') =>
  `<result><status>${status}</status><function>query</function><controlid>${id}</controlid>${inside}</result>`;
function resultsOf(operation: string, functions: number) {
  const body = readBody(answer(operation), functions);
  if (body.place !== 'results') throw new Error(`errors at ${body.place}`);
  return body;
}

describe('connectors intacct: the envelope', () => {
  it('tells three statuses apart, by the ids of the functions and not by their order', () => {
    const inside = [
      result('f3', 'success', '<data listtype="APBILL" count="0"></data>'),
      result('f1', 'aborted', rolledBack),
      result(
        'f2',
        'failure',
        `<data listtype="objects" count="0"></data>${rolledBack.replace('XL03000009', 'BL01001973')}`,
      ),
    ];
    const { results } = resultsOf(signedIn + inside.join(''), 3);
    expect(results.map(({ status }) => status)).to.deep.equal(['aborted', 'failure', 'success']);
    expect(results.map(({ errors }) => errors[0]?.errorno)).to.deep.equal(['XL03000009', 'BL01001973', undefined]);
  });

  it('reads errors whose parts are empty or missing, without the number of support', () => {
    const errors =
      '<errormessage><error><description2>One [Support ID: ab%7Ecd]</description2><correction/></error><error><errorno>X</errorno></error></errormessage>';
    const { results } = resultsOf(signedIn + result('f1', 'failure', errors), 1);
    expect(results[0]?.errors).to.deep.equal([
      { errorno: null, text: 'One' },
      { errorno: 'X', text: '' },
    ]);
  });

  it('wants a result for each function', () => {
    expect(() => readBody(answer(signedIn + result('f1', 'success')), 2)).to.throw(/no result/);
  });

  it('tells the errors of a sign-in from those of a function', () => {
    const refused = `<authentication><status>failure</status><userid/><companyid/></authentication>${rolledBack}`;
    expect(readBody(answer(refused), 1)).to.have.property('place', 'operation');
  });

  it('tells how long a session lasts by the clock of the gateway alone', () => {
    const [since, until] = ['2026-03-02T08:00:00+00:00', '2026-03-02T06:00:00-08:00'];
    const timed = signedIn.replace(
      '</authentication>',
      `<sessiontimestamp>${since}</sessiontimestamp><sessiontimeout>${until}</sessiontimeout></authentication>`,
    );
    expect(resultsOf(timed + result('f1', 'success'), 1).sessionMs).to.equal(6 * 3_600_000);
    expect(resultsOf(signedIn + result('f1', 'success'), 1).sessionMs).to.equal(null);
  });

  it('refuses what is not UTF-8, by its header too', () => {
    const inside = signedIn + result('f1', 'success');
    expect(() => readBody(answer(inside, { 'content-type': 'text/xml; charset=iso-8859-1' }), 1)).to.throw(
      /iso-8859-1/,
    );
    expect(() => readBody({ ...answer(inside), malformed: true }, 1)).to.throw(/UTF-8/);
  });

  it('makes a list of one row, of none, and of rows in small letters, and wants as many as are told', () => {
    const data = (inside: string, count: number) =>
      resultsOf(signedIn + result('f1', 'success', `<data listtype="x" count="${count}">${inside}</data>`), 1)
        .results[0];
    const rows = (inside: string, count: number) => rowsOf(data(inside, count) ?? never(), 'APBILL');
    expect(rows('<apbill><RECORDNO>1</RECORDNO></apbill>', 1).map((row) => row.get('RECORDNO'))).to.deep.equal(['1']);
    expect(rows('', 0)).to.deep.equal([]);
    expect(() => rows('<APBILL/>', 2)).to.throw(/1 rows of APBILL where it said 2/);
  });

  it('asks in the order of the schema, with everything that was entered as text', () => {
    const sender = { id: 'a<b', password: '"&\'' };
    const login = { userId: 'u', companyId: 'c', password: ']]>', entity: 'E1' };
    const xml = requestXml(sender, { login }, [{ name: 'x', xml: '<x/>' }]);
    const names = [...xml.matchAll(/<(\w+)[ >]/g)].map(([, name]) => name).slice(1);
    expect(names).to.deep.equal([
      ...['control', 'senderid', 'password', 'controlid', 'uniqueid', 'dtdversion', 'includewhitespace'],
      ...['operation', 'authentication', 'login', 'userid', 'companyid', 'password', 'locationid'],
      ...['content', 'function'],
    ]);
    expect(xml).to.contain('<senderid>a&lt;b</senderid><password>&quot;&amp;&apos;</password>');
    expect(xml).to.contain('<operation transaction="false">').and.to.contain(']]&gt;');
  });
});

function never(): never {
  throw new Error('there is a result');
}
