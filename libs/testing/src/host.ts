import { request } from 'node:http';
import { testingConfig } from './testing.config.js';

/**
 * Asks the host process for a server, a database or a system; returns its answer.
 * @throws Error with the host's sentence when it cannot.
 */
export function askHost<T>(path: string, argument: object = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${testingConfig.hostUrl()}/${path}`,
      { method: 'POST', agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString()) as { error?: string; detail?: string };
          if (response.statusCode === 200) resolve(answer as T);
          else reject(new Error([answer.error, answer.detail].filter(Boolean).join('\n')));
        });
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify(argument));
  });
}
