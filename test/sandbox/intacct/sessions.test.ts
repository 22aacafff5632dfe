import { expect } from 'chai';
import { all, counts, only, request, results, TestGateway } from './gateway.ts';

const list = '<query><object>JOURNAL</object><select><field>SYMBOL</field></select></query>';

describe('sandbox intacct: sessions', () => {
  let gateway: TestGateway;
  beforeEach(() => {
    gateway = new TestGateway({}, 12);
  });
  afterEach(() => gateway.close());

  it('are opened at one address and go on at another', async () => {
    const session = await gateway.session();
    expect(session.endpoint).to.equal(`${gateway.root}/intacct/na12/ia/xml/xmlgw.phtml`);
    expect(results((await session.send([list])).text)).to.deep.equal(['success']);
    const front = request(gateway.control(), `<sessionid>${session.id}</sessionid>`, [list]);
    expect(only((await gateway.post(front)).text, 'errorno')).to.equal('XL03000006');
    gateway.site.changeSettings({ endpointEnforced: false });
    expect(results((await gateway.post(front)).text)).to.deep.equal(['success']);
  });

  it('may be handed the address that was called, or any other', async () => {
    gateway.site.changeSettings({ endpoint: 'same' });
    expect((await gateway.session()).endpoint).to.equal(gateway.site.describe().url);
    gateway.site.changeSettings({ endpoint: 'https://intacct.example/' });
    expect((await gateway.session()).endpoint).to.equal('https://intacct.example/');
  });

  it('are asked for alone', async () => {
    const { text } = await gateway.post(request(gateway.control(), gateway.login(), ['<getAPISession/>', list]));
    expect(results(text)).to.deep.equal(['failure Get API Session Failed', 'success']);
    expect(text).not.to.include('<sessionid>');
  });

  it('time out later with each call, by the duration that is set', async () => {
    gateway.site.changeSettings({ sessionMinutes: 10 });
    const session = await gateway.session();
    for (let calls = 0; calls < 3; calls += 1) {
      gateway.pass(9);
      const { text } = await session.send([list]);
      const shown = Date.parse(only(text, 'sessiontimeout')) - Date.parse(only(text, 'sessiontimestamp'));
      expect(shown).to.equal(600_000);
    }
    gateway.pass(11);
    const { text } = await session.send([list]);
    expect(only(text, 'description2')).to.match(/^Invalid session/);
    expect(() => gateway.site.changeSettings({ sessionMinutes: 9 })).to.throw();
  });

  it('need the sender in every call', async () => {
    const session = await gateway.session();
    const { text } = await session.send([list], '', gateway.control().replace('countersign_ws', 'other'));
    expect(only(text, 'errorno')).to.equal('XL03000006');
    expect(text).not.to.include('<operation>');
  });

  it('see one entity, or the top level without what is private', async () => {
    const idsOf = async (session: Awaited<ReturnType<TestGateway['session']>>, options = '') => {
      const more = `<options>${options}</options><pagesize>2000</pagesize>`;
      return new Set(all(await session.query('APBILL', 'MEGAENTITYID', '', more), 'MEGAENTITYID'));
    };
    gateway.site.hand.add('APBILL', { RECORDID: 'P1', STATE: 'Posted', MEGAENTITYKEY: 5 });
    const top = await gateway.session();
    expect([...(await idsOf(top))])
      .to.include('')
      .and.not.include('E500');
    expect([...(await idsOf(top, '<showprivate>true</showprivate>'))]).to.include('E500');
    const inside = await gateway.session('countersign', 'E500');
    expect([...(await idsOf(inside))]).to.deep.equal(['E500']);
    expect(only(await inside.call(list), 'locationid')).to.equal('E500');
  });

  it('lead from an entity back to the top level with an empty location', async () => {
    const login = gateway.login('countersign', 'E200');
    const into = async (asked: string) =>
      only((await gateway.post(request(gateway.control(), login, [asked]))).text, 'api');
    expect(await into('<getAPISession/>')).to.include('<locationid>E200</locationid>');
    expect(await into('<getAPISession><locationid/></getAPISession>')).to.include('<locationid></locationid>');
    const nowhere = '<getAPISession><locationid>E999</locationid></getAPISession>';
    const { text } = await gateway.post(request(gateway.control(), gateway.login(), [nowhere]));
    expect(results(text)).to.deep.equal(['failure Get API Session Failed']);
  });

  it('end when told to, and their result sets with them', async () => {
    const session = await gateway.session();
    const first = await session.readByQuery('GLENTRY', 'RECORDNO', '', 10);
    const more = `<readMore><resultId>${counts(first).resultId}</resultId></readMore>`;
    expect(counts(await session.call(more)).count).to.equal('10');
    expect(await gateway.admin('/sessions/expire', {})).to.deep.equal({ expired: 1 });
    expect(only(await session.call(more), 'errorno')).to.equal('XL03000006');
    const another = await gateway.session();
    expect(results(await another.call(more))).to.deep.equal(['failure readMore failed']);
  });

  it('can be killed between two pages', async () => {
    const session = await gateway.session();
    const first = await session.readByQuery('GLENTRY', 'RECORDNO', '', 10);
    gateway.site.setFault({ kind: 'expire-sessions', match: '<readMore>', times: 1 });
    const killed = await session.call(`<readMore><resultId>${counts(first).resultId}</resultId></readMore>`);
    expect(only(only(killed, 'operation'), 'errorno')).to.equal('XL03000006');
    expect(killed).not.to.include('<result>');
  });
});
