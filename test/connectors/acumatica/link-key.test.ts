import { expect } from 'chai';
import { kinds } from '../../../connectors/acumatica/kinds/index.ts';
import { linkTo } from '../../../connectors/acumatica/link.ts';
import { keyFromLink } from '../../../connectors/acumatica/link-key.ts';

const here = { site: 'https://erp.example.com/AcumaticaERP', tenant: 'Company A&B' };
const site = `${here.site}/`;
const bill = 'DocType=INV&RefNbr=000871';
const of = (address: string, given = here) => keyFromLink(new URL(address), given);

describe('the document that an Acumatica address opens', () => {
  it('is told by the addresses that cards carry, for every type', () => {
    for (const kind of kinds) {
      const codes = Object.entries(kind.link.codes ?? { GL: 'GL' });
      expect(codes).to.not.have.length(0);
      for (const [type, code] of codes) {
        // Older releases call a payment a check; one code has one label here.
        const label = codes.find(([, other]) => other === code)?.[0] ?? type;
        const link = linkTo(kind, here, type, 'A/1 #2');
        expect(of(link)).to.deep.equal({ kind: kind.kind, key: `${label}|A/1 #2`, namesCompany: true });
      }
    }
  });

  const company = 'CompanyID=Company+A%26B';
  const forms: Record<string, string> = {
    'the frame': `${site}Main?${company}&ScreenId=AP301000&${bill}`,
    'the frame in a tab of its own': `${site}(W(10012))/Main?ScreenId=AP301000&${bill}&${company}`,
    'the same, escaped': `${site}%28W%283%29%29/Main?ScreenId=AP301000&${bill}&${company}`,
    'the page of the screen': `${site}Pages/AP/AP301000.aspx?${bill}&${company}`,
    'the page of the newer interface': `${site}Scripts/Screens/AP301000.html?${bill}&${company}`,
    'other capitals': `https://ERP.example.com/acumaticaerp/main?screenid=ap301000&doctype=inv&refnbr=000871&companyid=COMPANY%20A%26b`,
    'a fragment and more parameters': `${site}Main?${company}&ScreenId=AP301000&${bill}&PopupPanel=Inline#top`,
  };
  for (const [form, address] of Object.entries(forms)) {
    it(`is told by ${form}`, () => {
      expect(of(address)).to.deep.equal({ kind: 'bill', key: 'Bill|000871', namesCompany: true });
    });
  }

  it('is told without a company as being one of several', () => {
    const found = { kind: 'bill', key: 'Bill|000871', namesCompany: false };
    expect(of(`${site}Main?ScreenId=AP301000&${bill}`)).to.deep.equal(found);
    const atRoot = { site: 'https://erp.example.com', tenant: 'Company' };
    expect(of(`https://erp.example.com/Main?ScreenId=AP301000&${bill}`, atRoot)).to.deep.equal(found);
  });

  const others: Record<string, string> = {
    'another tenant': `${site}Main?CompanyID=Other&ScreenId=AP301000&${bill}`,
    'two tenants': `${site}Main?${company}&companyid=Other&ScreenId=AP301000&${bill}&CompanyID=x`,
    'a host that only begins alike': `https://erp.example.com.evil.example/AcumaticaERP/Main?${company}&ScreenId=AP301000&${bill}`,
    'a host before an @': `https://erp.example.com@evil.example/AcumaticaERP/Main?ScreenId=AP301000&${bill}`,
    'another port': `https://erp.example.com:8443/AcumaticaERP/Main?ScreenId=AP301000&${bill}`,
    'plain http': `http://erp.example.com/AcumaticaERP/Main?ScreenId=AP301000&${bill}`,
    'another site on the host': `https://erp.example.com/AcumaticaTest/Main?ScreenId=AP301000&${bill}`,
    'a path that only begins alike': `https://erp.example.com/AcumaticaERP2/Main?ScreenId=AP301000&${bill}`,
    'a way out of the site': `${site}../Other/Main?ScreenId=AP301000&${bill}`,
    'another screen': `${site}Main?ScreenId=AP302000&${bill}`,
    'an object’s own property for a screen': `${site}Main?ScreenId=constructor&${bill}`,
    'no screen': `${site}Main?${bill}`,
    'no number': `${site}Main?ScreenId=AP301000&DocType=INV`,
    'an unknown type': `${site}Main?ScreenId=AP301000&DocType=XXX&RefNbr=000871`,
    'two numbers': `${site}Main?ScreenId=AP301000&${bill}&RefNbr=000872`,
    'an endless number': `${site}Main?ScreenId=AP301000&DocType=INV&RefNbr=${'9'.repeat(500)}`,
    'a path that cannot be read': `${site}%E0%A4%A/Main?ScreenId=AP301000&${bill}`,
    'its API': `${site}entity/Default/24.200.001/Bill/Bill/000871?ScreenId=AP301000&${bill}`,
  };
  for (const [what, address] of Object.entries(others)) {
    it(`is none for ${what}`, () => {
      expect(of(address)).to.equal(null);
    });
  }
});
