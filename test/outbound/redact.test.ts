import { expect } from 'chai';
import { redactText, redactUrl } from '../../app/outbound/redact.ts';

describe('redaction', () => {
  it('hides user info and token-like values in an address', () => {
    expect(redactUrl('https://u:p@erp.example/a?token=1&$top=5&client_secret=2&code=3#id_token=4')).to.equal(
      'https://erp.example/a?token=***&%24top=5&client_secret=***&code=***',
    );
  });

  it('says nothing of an address that it cannot read', () => {
    expect(redactUrl('//u:secret@')).to.equal('(unreadable address)');
  });

  it('redacts addresses inside text', () => {
    expect(redactText('failed at http://u:p@proxy:1/ twice')).to.equal('failed at http://proxy:1/ twice');
  });
});
