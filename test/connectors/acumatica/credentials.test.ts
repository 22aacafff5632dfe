import { expect } from 'chai';
import { acumatica } from '../../../connectors/acumatica/index.ts';

describe('the credentials of Acumatica', () => {
  const entered = {
    site: 'https://erp.example/AcumaticaERP',
    tenant: 'MAIN',
    client_id: 'ABC@MAIN',
    client_secret: 's',
    username: 'u',
    password: 'p',
  };
  const parse = (changes: Record<string, unknown>) => acumatica.credentials.parse({ ...entered, ...changes });

  it('have defaults for what is left empty', () => {
    expect(parse({ endpoint: '', version: ' ', branch: '', page_size: '', read_from_days: undefined })).to.deep.equal({
      ...entered,
      endpoint: 'Default',
      sign_in: 'password',
      version: undefined,
      branch: undefined,
      archived: 'looked_up',
      page_size: 200,
      read_from_days: 30,
      parallel_requests: 3,
    });
  });

  for (const [pasted, site] of [
    ['https://erp.example/', 'https://erp.example'],
    ['https://erp.example/AcumaticaERP/', 'https://erp.example/AcumaticaERP'],
    ['https://erp.example/ERP/Main?CompanyID=X&ScreenId=AP301000', 'https://erp.example/ERP'],
    ['https://erp.example/ERP/(W(2))/Main', 'https://erp.example/ERP'],
    ['https://erp.example/ERP/entity/Default/24.200.001', 'https://erp.example/ERP'],
    ['https://erp.example/ERP/Frames/Login.aspx?ReturnUrl=x', 'https://erp.example/ERP'],
  ])
    it(`take ${pasted} for ${site}`, () => expect(parse({ site: pasted }).site).to.equal(site));

  it('refuse what cannot work, naming the field', () => {
    for (const [field, wrong] of Object.entries({
      site: 'erp.example',
      tenant: '',
      client_id: 'ABC@OTHER',
      page_size: '1',
      read_from_days: 'many',
      endpoint: '../x',
      version: '24/1',
    })) {
      const parsed = acumatica.credentials.safeParse({ ...entered, [field]: wrong });
      expect(parsed.error?.issues[0]?.path).to.deep.equal([field]);
    }
  });

  for (const [sign_in, needed] of [
    ['password', ['client_id', 'client_secret', 'username', 'password']],
    ['consent', ['client_id', 'client_secret']],
    ['cookie', ['username', 'password']],
  ] as const)
    it(`need for the sign-in by ${sign_in} what it takes, and no more`, () => {
      const { site, tenant } = entered;
      const bare = acumatica.credentials.safeParse({ site, tenant, sign_in, username: ' ', password: '' });
      expect(bare.error?.issues.map(({ path }) => path[0])).to.have.members([...needed]);
      const given = Object.fromEntries(needed.map((field) => [field, 'x']));
      expect(acumatica.credentials.safeParse({ site, tenant, sign_in, ...given }).success).to.equal(true);
    });

  it('take the application for people’s own accounts whole, and of the same tenant', () => {
    const refused = (changes: object) =>
      acumatica.credentials.safeParse({ ...entered, ...changes }).error?.issues.map(({ path }) => path[0]);
    expect(refused({ account_client_id: 'DEF' })).to.deep.equal(['account_client_secret']);
    expect(refused({ account_client_secret: 's' })).to.deep.equal(['account_client_id']);
    expect(refused({ account_client_id: 'DEF@OTHER', account_client_secret: 's' })).to.deep.equal([
      'account_client_id',
    ]);
  });

  it('take a client ID without the tenant', () => expect(parse({ client_id: 'ABC' }).client_id).to.equal('ABC'));
});
