import { request } from 'node:http';
import { DomainError } from '@foodshed/contracts';
import { ConfigError } from '@foodshed/platform';
import { WebhookReceiver } from '@foodshed/testing';
import { WebhookSettings } from '../admin.config.js';
import { NameServer } from './name-server.fixture.js';
import { WebhookTargets } from './target.service.js';

let names: NameServer;
let receiver: WebhookReceiver;
let targets: WebhookTargets;

beforeAll(async () => {
  [names, receiver] = await Promise.all([NameServer.start(), WebhookReceiver.start()]);
  targets = new WebhookTargets({ targets: 'public', dnsServers: [names.address] });
});
afterAll(() => Promise.all([names.close(), receiver.close()]));

const faultOf = (url: string, among = targets): string | undefined => {
  try {
    among.requireUrl(url);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    const [field] = (error as DomainError).options.fields ?? [];
    expect(field?.path).toBe('url');
    return field?.message;
  }
};

describe('The address of a webhook', () => {
  it.each([
    'https://hooks.example.org/foodshed',
    'https://hooks.example.org:8443/',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
  ])('may be %s', (url) => {
    expect(faultOf(url)).toBeUndefined();
  });

  it.each([
    ['the loopback', 'https://127.0.0.1/'],
    ['another address of the loopback', 'https://127.8.9.10/'],
    ['the loopback in octal', 'https://0177.0.0.1/'],
    ['the loopback in hexadecimal', 'https://0x7f.0.0.1/'],
    ['the loopback as one number', 'https://2130706433/'],
    ['the loopback in short', 'https://127.1/'],
    ['the loopback of IPv6', 'https://[::1]/'],
    ['the loopback mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['the loopback mapped, in hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['the loopback in the old compatible form', 'https://[::127.0.0.1]/'],
    ['the loopback behind NAT64', 'https://[64:ff9b::7f00:1]/'],
    ['the loopback by 6to4', 'https://[2002:7f00:1::]/'],
    ['the unspecified address', 'https://0.0.0.0/'],
    ['the unspecified address of IPv6', 'https://[::]/'],
    ['a private network', 'https://10.1.2.3/'],
    ['another private network', 'https://172.20.0.1/'],
    ['a home network', 'https://192.168.1.1/'],
    ['a carrier’s network', 'https://100.64.0.1/'],
    ['a neighbour on the link', 'https://169.254.1.1/'],
    ['a cloud’s metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['a cloud’s metadata in IPv6', 'https://[fd00:ec2::254]/'],
    ['another cloud’s metadata', 'https://168.63.129.16/'],
    ['a third cloud’s metadata', 'https://100.100.100.200/'],
    ['a neighbour on the link in IPv6', 'https://[fe80::1]/'],
    ['a private network in IPv6', 'https://[fc00::1]/'],
    ['many at once', 'https://224.0.0.1/'],
    ['many at once in IPv6', 'https://[ff02::1]/'],
    ['everybody', 'https://255.255.255.255/'],
    ['an address for documents', 'https://192.0.2.1/'],
    ['an address for benchmarks', 'https://198.18.0.1/'],
  ])('may not be %s', (_case, url) => {
    expect(faultOf(url)).toBe('must be a public address');
  });

  it.each([
    ['http://hooks.example.org/', 'must begin with https://'],
    ['https://user:secret@hooks.example.org/', 'must not have a user name or password in it'],
    ['https://hooks.example.org:22/', 'must be on port 443 or 8443'],
    ['https://hooks.example.org:6379/', 'must be on port 443 or 8443'],
  ])('may not be %s', (url, message) => {
    expect(faultOf(url)).toBe(message);
  });

  it('may be this machine where a developer runs it, and nothing else that is inside', () => {
    const local = new WebhookTargets({ targets: 'local' });
    expect(faultOf('http://127.0.0.1:5173/', local)).toBeUndefined();
    expect(faultOf('http://[::1]:5173/', local)).toBeUndefined();
    expect(faultOf('http://10.0.0.1/', local)).toBe('must be a public address');
    expect(faultOf('http://169.254.169.254/', local)).toBe('must be a public address');
  });

  it('is never this machine in production', () => {
    const load = (environment: string) =>
      WebhookSettings.load({ ENVIRONMENT: environment, WEBHOOK_TARGETS: 'local', SIGNING_KEY: 'k' });
    expect(load('development').targets).toBe('local');
    expect(() => load('production')).toThrow(ConfigError);
    expect(WebhookSettings.load({ SIGNING_KEY: 'k' }).targets).toBe('public');
  });
});

/** Connects as a delivery does; answers with the status, or with the name of what stopped it. */
const call = (hostname: string): Promise<string> =>
  new Promise((resolve) => {
    const options = { hostname, port: receiver.port, method: 'POST', agent: false as const };
    const sent = request({ ...options, lookup: targets.lookup }, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    sent.on('error', ({ name, message }) => resolve(`${name}: ${message}`));
    sent.setTimeout(3_000, () => sent.destroy(new Error('slow')));
    sent.end('{}');
  });

describe('A name', () => {
  const refused = /^AddressNotAllowed/;
  it.each([
    ['means this machine', ['127.0.0.1']],
    ['means a private network', ['10.0.0.1']],
    ['means a public address and this machine', ['93.184.215.14', '127.0.0.1']],
  ])('that %s is not connected to', async (_case, addresses) => {
    names.names.set('inside.example.org', () => addresses);
    expect(await call('inside.example.org')).toMatch(refused);
    expect(receiver.refusals).toEqual([]);
  });

  it('is looked up once for a connection, so that it cannot change between the check and the call', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    names.names.set('rebinding.example.org', () => answers.shift() ?? ['127.0.0.1']);
    names.asked = 0;
    const addresses = await new Promise((resolve, reject) => {
      targets.lookup('rebinding.example.org', { all: true }, (error, found) =>
        error ? reject(error) : resolve(found),
      );
    });
    // What was checked is what the connection gets, and the next connection is checked anew.
    expect(addresses).toEqual([{ address: '93.184.215.14', family: 4 }]);
    expect(names.asked).toBe(1);
    expect(await call('rebinding.example.org')).toMatch(refused);
  });

  it('of nobody, or of this machine’s own files, is not found', async () => {
    expect(await call('nobody.example.org')).toMatch(/ENOTFOUND|ENODATA|no address/);
    expect(await call('localhost')).toMatch(/ENOTFOUND|ENODATA|no address/);
    expect(receiver.messages).toEqual([]);
  });
});
