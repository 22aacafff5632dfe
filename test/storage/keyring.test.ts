import { expect } from 'chai';
import { createKeyring, KeyringError } from '../../app/storage/keyring.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const old = `2025:${key(1)}`;
const recent = `2026:${key(2)}`;

describe('the keyring', () => {
  it('opens what it sealed', () => {
    const keyring = createKeyring(recent);
    expect(keyring.decrypt(keyring.encrypt('xoxb-1 ✓', 'a:1:secret'), 'a:1:secret')).to.equal('xoxb-1 ✓');
  });

  it('seals the same text differently each time, and never readably', () => {
    const keyring = createKeyring(recent);
    const sealed = [1, 2].map(() => keyring.encrypt('xoxb-secret', 'a:1:secret'));
    expect(sealed[0]).to.not.equal(sealed[1]);
    expect(sealed[0]).to.match(/^v1:2026:[\w-]+$/);
    expect(sealed.join()).to.not.contain('xoxb');
  });

  it('encrypts with the first key and still opens what another sealed', () => {
    const sealed = createKeyring(old).encrypt('text', 'a:1:secret');
    const both = createKeyring(`${recent}, ${old}`);
    expect(both.keyIdOf(sealed)).to.equal('2025');
    expect(both.decrypt(sealed, 'a:1:secret')).to.equal('text');
    expect(both.keyIdOf(both.encrypt('text', 'a:1:secret'))).to.equal('2026');
  });

  it('says which key is missing and where it belongs', () => {
    const sealed = createKeyring(old).encrypt('text', 'a:1:secret');
    expect(() => createKeyring(recent).decrypt(sealed, 'a:1:secret')).to.throw(KeyringError, /"2025".*ENCRYPTION_KEYS/);
  });

  it('does not open a value that was moved to another row', () => {
    const keyring = createKeyring(recent);
    const sealed = keyring.encrypt('text', 'connections:1:secret');
    expect(() => keyring.decrypt(sealed, 'connections:2:secret')).to.throw(KeyringError, /changed or moved/);
  });

  it('does not open a value in which any one character was changed', () => {
    const keyring = createKeyring(recent);
    const sealed = keyring.encrypt('text', 'a:1:secret');
    for (let at = 'v1:2026:'.length; at < sealed.length - 1; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => keyring.decrypt(changed, 'a:1:secret'), changed).to.throw(KeyringError);
    }
  });

  it('does not open a value that was cut short', () => {
    const keyring = createKeyring(recent);
    expect(() => keyring.decrypt('v1:2026:AAAA', 'a:1:secret')).to.throw(KeyringError);
    expect(() => keyring.decrypt('plain text', 'a:1:secret')).to.throw(KeyringError, /not of the form/);
  });

  // What is written, and what must be said; none of it repeats the key.
  const wrong: [string, RegExp][] = [
    ['', /key 1 of 1 is not of the form/],
    ['abc', /not of the form/],
    [`one:${Buffer.alloc(16).toString('base64')}`, /"one"\) has 16 bytes instead of 32/],
    [`${old},${old}`, /"2025" is there twice/],
    [`${old},`, /key 2 of 2/],
  ];
  for (const [spec, message] of wrong) {
    it(`refuses ${JSON.stringify(spec.slice(0, 12))}… saying ${message.source}`, () => {
      expect(() => createKeyring(spec))
        .to.throw(KeyringError, message)
        .with.property('message')
        .that.does.not.contain(key(1));
    });
  }
});
