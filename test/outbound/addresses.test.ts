import type { LookupAddress } from 'node:dns';
import { expect } from 'chai';
import { createCheckedLookup, isLoopbackHost, isRefusedAddress, isRefusedHost } from '../../app/outbound/addresses.ts';

describe('addresses of ERPs', () => {
  const refused = [
    '169.254.169.254',
    '169.254.1.1',
    '0.0.0.0',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
  ];
  for (const address of refused) it(`refuses ${address}`, () => expect(isRefusedAddress(address)).to.equal(true));

  for (const address of ['127.0.0.1', '::1', '10.1.2.3', '192.168.0.9', '172.16.4.4', '8.8.8.8', 'fd12::1', '2600::1'])
    it(`allows ${address}`, () => expect(isRefusedAddress(address)).to.equal(false));

  it('refuses the names of metadata services, with a trailing dot too', () => {
    expect(['metadata.google.internal', 'metadata.google.internal.', 'metadata'].map(isRefusedHost)).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect(isRefusedHost('erp.example.com')).to.equal(false);
  });

  it('knows loopback by name and by address', () => {
    expect(['localhost', 'a.localhost', '127.9.9.9', '[::1]'].every(isLoopbackHost)).to.equal(true);
    expect(['notlocalhost', 'localhost.example.com', '10.0.0.1'].some(isLoopbackHost)).to.equal(false);
  });

  const lookupOf = (addresses: LookupAddress[]) =>
    createCheckedLookup(((_name: string, _options: unknown, done: (error: null, found: LookupAddress[]) => void) =>
      done(null, addresses)) as never);

  it('refuses a name when any of its addresses is refused', () => {
    const seen: unknown[] = [];
    lookupOf([
      { address: '93.184.216.34', family: 4 },
      { address: 'fe80::1', family: 6 },
    ])('erp.example', { all: true }, (error, found) => seen.push(error?.code, found));
    expect(seen).to.deep.equal(['ERP_ADDRESS_REFUSED', '']);
  });

  it('answers in the form that the socket asked for', () => {
    const seen: unknown[] = [];
    const lookup = lookupOf([{ address: '10.0.0.7', family: 4 }]);
    lookup('erp.example', {}, (error, found, family) => seen.push([error, found, family]));
    lookup('erp.example', { all: true }, (error, found) => seen.push([error, found]));
    expect(seen).to.deep.equal([
      [null, '10.0.0.7', 4],
      [null, [{ address: '10.0.0.7', family: 4 }]],
    ]);
  });
});
