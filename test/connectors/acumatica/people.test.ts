import { expect } from 'chai';
import type { ErpPerson } from '../../../app/domain/person.ts';
import type { SettingsChange } from '../../../sandbox/acumatica/index.ts';
import { errorOf } from '../../outbound/servers.ts';
import { type Bench, openBench, signal } from './support.ts';

describe('Acumatica’s people', () => {
  let bench: Bench;
  const open = async (settings: SettingsChange = {}) => {
    bench = await openBench({ settings });
  };
  afterEach(() => bench.close());

  async function everybody(entered: Record<string, unknown> = { page_size: 4 }): Promise<ErpPerson[]> {
    const people: ErpPerson[] = [];
    for await (const page of bench.connect(entered).people?.(signal) ?? []) people.push(...page);
    return people;
  }
  const of = (people: ErpPerson[], sort: string) => people.filter((person) => person.sort === sort);
  const employee = (people: ErpPerson[], key: string) => of(people, 'employee').find((person) => person.key === key);
  const listed = (entity: string) => bench.asked.filter((line) => line.includes(`/${entity}?`));

  it('are its employees and contacts, with e-mail, and say who is not active any more', async () => {
    await open({ contacts: 30 });
    const people = await everybody();
    expect(employee(people, 'EP00000002')).to.deep.equal({
      sort: 'employee',
      key: 'EP00000002',
      name: 'Priya Raman',
      email: 'Priya.Raman@Northwind.example',
      active: true,
    });
    expect(employee(people, 'EP00000007')?.email).to.equal(null);
    expect(employee(people, 'EP00000008')?.active).to.equal(false);
    expect(of(people, 'contact')).to.have.length(30);
    expect(of(people, 'contact').filter(({ active }) => !active)).to.have.length(2);
    expect(of(people, 'contact')[0]).to.include({ key: '100001', name: 'Aisha Abbott' });
  });

  it('come each once and all of them, in pages, also where the site keeps no order', async () => {
    await open({ contacts: 60, order: 'shuffled' });
    const people = await everybody({ page_size: 7 });
    expect(new Set(people.map(({ sort, key }) => `${sort} ${key}`)).size).to.equal(people.length);
    expect(of(people, 'contact')).to.have.length(60);
    expect(of(people, 'employee')).to.have.length(8);
  });

  it('are all there when somebody is added or leaves between two pages', async () => {
    await open();
    const { people: staff } = bench.site;
    const pages: ErpPerson[] = [];
    for await (const page of bench.connect({ page_size: 3 }).people?.(signal) ?? []) {
      if (pages.length === 0) staff.removeEmployee('EP00000001');
      pages.push(...page);
    }
    expect(of(pages, 'employee').map(({ key }) => key)).to.include.members(['EP00000004', 'EP00000005', 'EP00000008']);
    expect(new Set(of(pages, 'employee').map(({ key }) => key)).size).to.equal(8);
  });

  it('are read one by one where the site cannot list the e-mail, and one that has gone meanwhile is left out', async () => {
    await open({ optimizationErrorFields: ['ContactInfo'] });
    expect(employee(await everybody(), 'EP00000001')?.email).to.equal('maya.okafor@northwind.example');
    expect(listed('Employee').filter((line) => line.includes('ContactInfo'))).to.have.length(1);
    bench.site.setFault({ kind: '404-version', match: { path: '/Employee/' }, times: 1, after: 2 });
    expect(of(await everybody(), 'employee')).to.have.length(7);
  });

  it('need one request a page', async () => {
    await open({ contacts: 10 });
    await everybody({ page_size: 200 });
    expect([listed('Employee').length, listed('Contact').length]).to.deep.equal([1, 1]);
  });

  it('say which right is missing, and nothing is taken for read then', async () => {
    await open();
    bench.site.setFault({ kind: '403', match: { path: '/Contact' } });
    const error = await errorOf(everybody());
    expect(error).to.include({ name: 'ReconnectError', field: 'rights' });
    expect(error.message).to.contain('may not read contacts');
  });
});
