import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'foodshed_session';
const PATTERN = new RegExp(`(?:^|;\\s*)${NAME}=([A-Za-z0-9_-]{1,128})(?:;|$)`);

/** The session's secret from the request's cookie, if it has one. */
export function readSessionCookie(request: FastifyRequest): string | undefined {
  const header = request.headers.cookie;
  return header ? PATTERN.exec(header)?.[1] : undefined;
}

/** Keeps the session's secret in the browser, out of reach of scripts and of other sites. */
export function setSessionCookie(
  reply: FastifyReply,
  secret: string,
  { maxAgeSeconds, secure }: { maxAgeSeconds: number; secure: boolean },
): void {
  const attributes = [
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${maxAgeSeconds}`,
    ...(secure ? ['Secure'] : []),
  ];
  reply.header('set-cookie', [`${NAME}=${secret}`, ...attributes].join('; '));
}

/** Makes the browser forget the session. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`);
}
