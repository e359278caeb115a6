import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { DomainError } from '@foodshed/contracts';
import ipaddr from 'ipaddr.js';
import type { WebhookSettings } from '../admin.config.js';

const HTTPS_PORTS = new Set(['', '443', '8443']);
/** Public by its number, and yet inside: where a cloud's machines ask their host for secrets. */
const METADATA_HOSTS = new Set(['168.63.129.16']);
const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;

/** Raised where a connection would go somewhere that webhooks may not; nothing has been sent then. */
export class AddressNotAllowed extends Error {
  override readonly name = 'AddressNotAllowed';
}

/**
 * Where webhooks may be sent: nowhere inside. Addresses are checked in the lookup that the connection itself uses, so
 * that a name cannot mean one address when it is checked and another when it is called.
 */
export class WebhookTargets {
  readonly #resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });

  constructor(private readonly settings: Pick<WebhookSettings, 'targets' | 'dnsServers'>) {
    if (settings.dnsServers) this.#resolver.setServers(settings.dnsServers);
  }

  /** @throws DomainError invalid-input naming the field, for an address that could never be called */
  requireUrl(text: string): void {
    const fault = this.#fault(new URL(text));
    if (!fault) return;
    throw new DomainError('invalid-input', {
      detail: 'Webhooks are not sent to this address.',
      fields: [{ path: 'url', message: fault }],
    });
  }

  /** The same for a URL that was stored, under whatever rules held then. @throws AddressNotAllowed */
  requireAllowed(url: URL): void {
    if (this.#fault(url)) throw new AddressNotAllowed();
  }

  /**
   * Resolves a name for a connection, and refuses it when any of its addresses is not a public one. It asks the name
   * servers itself: files and search domains of this machine name what is inside, and its own lookup has few threads.
   */
  lookup: LookupFunction = (hostname, options, done) => {
    this.#addressesOf(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
        else if (!addresses.every((address) => this.#isAllowed(address))) done(new AddressNotAllowed(), '');
        else if (options.all) done(null, addresses.map(withFamily));
        else done(null, first, withFamily(first).family);
      },
      (error: Error) => done(error, ''),
    );
  };

  #fault(url: URL): string | undefined {
    const isLocal = this.settings.targets === 'local';
    if (url.username || url.password) return 'must not have a user name or password in it';
    if (url.protocol !== 'https:' && !isLocal) return 'must begin with https://';
    if (!isLocal && !HTTPS_PORTS.has(url.port)) return 'must be on port 443 or 8443';
    // URL has written every way to write an IPv4 address (octal, hexadecimal, one number) as four decimals.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !this.#isAllowed(host)) return 'must be a public address';
    return undefined;
  }

  async #addressesOf(hostname: string): Promise<string[]> {
    if (this.settings.targets === 'local' && hostname === 'localhost') return ['127.0.0.1'];
    const [four, six] = await Promise.allSettled([
      this.#resolver.resolve4(hostname),
      this.#resolver.resolve6(hostname),
    ]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [four, six].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  #isAllowed(text: string): boolean {
    // An IPv4 address that is written as an IPv6 one is where the connection would go.
    const address = ipaddr.process(text);
    if (METADATA_HOSTS.has(address.toString())) return false;
    if (this.settings.targets === 'local' && address.range() === 'loopback') return true;
    if (address.range() !== 'unicast') return false;
    // Of IPv6 only what is routed in the world: not the ranges that carry an IPv4 address, or none yet.
    return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(ipaddr.parseCIDR('2000::/3') as never);
  }
}

function withFamily(address: string): { address: string; family: number } {
  return { address, family: ipaddr.parse(address).kind() === 'ipv4' ? 4 : 6 };
}
