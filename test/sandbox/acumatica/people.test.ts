import { expect } from 'chai';
import { exceptionOf, fieldOf, type TestClient, TestSite } from './site.ts';

describe('sandbox acumatica: employees and contacts', () => {
  let test: TestSite;
  let client: TestClient;
  beforeEach(async () => {
    test = new TestSite();
    client = await test.client();
  });
  afterEach(() => test.close());

  it('gives an employee’s e-mail only with the linked entity, as one object, and an empty one as {}', async () => {
    const [plain] = await client.list('Employee', { $top: '1' });
    expect(plain).to.not.have.property('ContactInfo');
    const query = { $select: 'EmployeeID,ContactInfo/Email', $expand: 'ContactInfo' };
    const all = await client.list('Employee', query);
    const infoOf = (code: string) =>
      all.find((record) => fieldOf(record, 'EmployeeID') === code)?.ContactInfo as Record<string, unknown>;
    expect(infoOf('EP00000001')).to.deep.include({ Email: { value: 'maya.okafor@northwind.example' } });
    expect(infoOf('EP00000001')).to.not.have.property('DisplayName');
    expect(infoOf('EP00000007').Email).to.deep.equal({});
    expect(all[0]).to.not.have.property('EmployeeName');
  });

  it('finds by key, by id and by filter, and says so of what is not there', async () => {
    const one = (await client.get('Employee/EP00000003')).json() as { id: string };
    expect(fieldOf(one as never, 'EmployeeName')).to.equal('Jonas Lindqvist');
    expect((await client.get(`Employee/${one.id}`)).json()).to.deep.equal(one);
    const inactive = await client.list('Employee', { $filter: "Status eq 'Inactive'" });
    expect(inactive.map((record) => fieldOf(record, 'EmployeeName'))).to.deep.equal(['Helen Marsh']);
    const missing = await client.get('Employee/EP99');
    expect(missing.status).to.equal(500);
    expect(exceptionOf(missing)).to.equal('No entity satisfies the condition.');
  });

  it('has as many contacts as the setting says, each the same every time, with whole numbers as keys', async () => {
    test.site.changeSettings({ contacts: 300 });
    const contacts = await client.list('Contact');
    expect(contacts).to.have.length(300);
    expect(fieldOf(contacts[0] as never, 'ContactID')).to.be.a('number');
    expect(contacts.filter((record) => fieldOf(record, 'Email') === undefined)).to.have.length(30);
    expect(contacts.filter((record) => fieldOf(record, 'Active') === false)).to.have.length(20);
    const page = await client.list('Contact', { $top: '2', $skip: '298' });
    expect(page.map(({ id }) => id)).to.deep.equal(contacts.slice(298).map(({ id }) => id));
    test.site.changeSettings({ contacts: 3 });
    expect(await client.list('Contact', { $filter: 'Active eq true' })).to.have.length(3);
  });

  it('lists in no order where the site keeps none, and breaks where one query cannot do it', async () => {
    test.site.changeSettings({ contacts: 50, order: 'shuffled' });
    const keys = async () => (await client.list('Contact')).map((record) => fieldOf(record, 'ContactID'));
    expect(await keys()).to.not.deep.equal(await keys());
    test.site.changeSettings({ optimizationErrorFields: ['ContactInfo'] });
    const broken = await client.get('Employee?$expand=ContactInfo');
    expect(broken.status).to.equal(500);
    expect(exceptionOf(broken)).to.match(/^Optimization cannot be performed\..*Employee\.ContactInfo/s);
    expect((await client.get('Employee/EP00000001?$expand=ContactInfo')).status).to.equal(200);
  });
});
