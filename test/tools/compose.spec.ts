import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { repositoryRoot } from '@foodshed/testing';

const service = z.strictObject({
  image: z.string().optional(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  user: z.string().optional(),
  command: z.array(z.union([z.string(), z.number()])).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .optional(),
  restart: z.literal('unless-stopped').optional(),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: z.string(),
      timeout: z.string().optional(),
      retries: z.int(),
      start_period: z.string().optional(),
    })
    .optional(),
});

const file = parse(readFileSync(join(repositoryRoot(), 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, unknown>;
  volumes: Record<string, null>;
};
const services = Object.entries(file.services).map(([name, value]) => [name, service.parse(value)] as const);

describe('docker-compose.yml', () => {
  it('has every service of the system', () => {
    const names = services.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'gateway',
        'orders',
        'hubs',
        'commission',
        'ledger',
        'developers',
        'contributions',
        'admin',
        'postgres',
        'nats',
        'redis',
      ]),
    );
  });

  it.each(services)(
    '%s waits only for services that are there and can be waited for',
    (_name, { depends_on }) => {
      for (const [other, { condition }] of Object.entries(depends_on ?? {})) {
        const target = services.find(([name]) => name === other)?.[1];
        expect(target).toBeDefined();
        if (condition === 'service_healthy') expect(target?.healthcheck).toBeDefined();
      }
    },
  );

  it.each(services)(
    '%s mounts only volumes that are declared, and no secrets but its own',
    (name, { volumes = [] }) => {
      for (const mount of volumes) {
        const [volume = ''] = mount.split(':');
        expect(file.volumes).toHaveProperty([volume]);
        const isStep = ['secrets', 'prepare', 'demo'].includes(name);
        if (volume.endsWith('-secrets') && !isStep) expect(volume).toBe(`${name}-secrets`);
      }
    },
  );

  it('publishes the gateway alone, and to this machine only', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['gateway', '127.0.0.1:${PORT:-4100}:4100']]);
  });

  it('builds from a file that is there', () => {
    const files = services.flatMap(([, { build }]) => (build ? [build.dockerfile] : []));
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) expect(existsSync(join(repositoryRoot(), path))).toBe(true);
  });
});
