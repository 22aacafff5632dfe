import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Names under which clouds serve machine credentials; a proxy would resolve them out of our sight. */
const metadataNames = /^(metadata|metadata\.google\.internal|metadata\.goog|instance-data(\.ec2\.internal)?)$/i;

/** Credential services that live on addresses which look ordinary. */
const metadataAddresses = new Set(['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16', '192.0.0.192']);

const refusedRanges = new Set(['unspecified', 'linkLocal', 'multicast', 'broadcast', 'teredo', 'benchmarking']);

/** IPv4 inside IPv6 (mapped, NAT64, 6to4) is judged as the IPv4 address that it reaches. */
function unwrapped(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const parsed = ipaddr.process(address.replace(/^\[|\]$/g, '').replace(/%.*$/, ''));
  if (parsed.kind() === 'ipv4') return parsed;
  const bytes = parsed.toByteArray();
  const range = parsed.range();
  if (range === 'rfc6052' || range === 'rfc6145') return ipaddr.fromByteArray(bytes.slice(12)) as ipaddr.IPv4;
  if (range === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6)) as ipaddr.IPv4;
  const compatible = bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12, 15).some((byte) => byte !== 0);
  return compatible ? (ipaddr.fromByteArray(bytes.slice(12)) as ipaddr.IPv4) : parsed;
}

/** Whether no ERP can be at this IP address: link-local, cloud metadata, unspecified, multicast. */
export function isRefusedAddress(address: string): boolean {
  const parsed = unwrapped(address);
  return refusedRanges.has(parsed.range()) || metadataAddresses.has(parsed.toString());
}

/** The same question for the host part of a URL, as far as it can be told without resolving it. */
export function isRefusedHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return ipaddr.isValid(bare) ? isRefusedAddress(bare) : metadataNames.test(bare);
}

export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (ipaddr.isValid(bare)) return unwrapped(bare).range() === 'loopback';
  return /^(.+\.)?localhost$/i.test(bare);
}

export const addressRefusedCode = 'ERP_ADDRESS_REFUSED';

/**
 * A `lookup` for sockets that refuses the name when any address it resolves to is refused. It judges the very answer
 * that the socket then connects to, so a name that changes between check and use gains nothing.
 */
export function createCheckedLookup(resolveName: typeof resolve = resolve): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const [first] = found;
      if (first === undefined || found.some(({ address }) => isRefusedAddress(address))) {
        const refused = Object.assign(new Error(`${hostname} resolves to an address that is not allowed`), {
          code: addressRefusedCode,
        });
        return callback(refused, '', 0);
      }
      return options.all ? callback(null, found) : callback(null, first.address, first.family);
    });
  };
}
