import { z } from 'zod';
import { instanceRole } from './caller.js';
import { currencyCode, email, id, instant, pageInput, slug, textOf } from './primitives.js';

/** The instance of callers who are in none yet: an operator before the first instance, a visitor of `/`. */
export const noInstance = {
  id: '00000000-0000-0000-0000-000000000000',
  currency: 'XXX',
  timeZone: 'UTC',
} as const;

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
export const timeZoneName = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'must be an IANA time zone such as Europe/Lisbon' });
export const localeCode = z
  .string()
  .regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, { error: 'must be a language tag such as en or pt-PT' });

export const instanceView = z.object({
  id,
  slug,
  name: z.string(),
  currency: currencyCode,
  timeZone: z.string(),
  locales: z.array(z.string()),
  description: z.string(),
});
export type InstanceView = z.output<typeof instanceView>;

export const createInstanceBody = z.strictObject({
  slug,
  name: textOf(120),
  currency: currencyCode,
  timeZone: timeZoneName,
  locales: z.array(localeCode).min(1).max(10),
  description: textOf(2_000, 0).default(''),
});

const password = (min: number) =>
  z
    .string()
    .min(min)
    .max(200)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), {
      error: 'must not contain NUL or unpaired surrogate characters',
    });
/** Ten characters are the least; nothing else is demanded of a password. */
export const newPassword = password(10);
const givenPassword = password(1);
/** 256 random bits in base64url; the database knows their hash only. */
export const sessionSecret = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, { error: 'is not a token of this system' });
export const apiTokenSecret = z
  .string()
  .regex(/^fs_[A-Za-z0-9_-]{43}$/, { error: 'is not an API token of this system' });

/** The languages in which people are written to. */
export const personLanguage = z.enum(['en', 'fr']);
export type PersonLanguage = z.output<typeof personLanguage>;

export const registerBody = z.strictObject({
  displayName: textOf(120),
  email,
  password: newPassword,
  /** That of the page on which they register; mails to them are in it. */
  language: personLanguage.default('en'),
  /** Only an operator may say so, of people whose address they know: no link is sent then. */
  emailIsVerified: z.boolean().default(false),
});
/** The secret of a link that was sent to the address. */
export const verifyEmailBody = z.strictObject({ secret: sessionSecret });
export const inviteBody = z.strictObject({ displayName: textOf(120), email });
export const acceptInvitationBody = z.strictObject({
  invitation: sessionSecret,
  password: newPassword,
  language: personLanguage.optional(),
});
export const signInBody = z.strictObject({
  email: textOf(254),
  password: givenPassword,
  /** The instance to act in; without it the one the person acted in first. */
  instanceSlug: slug.optional(),
});
export const switchInstanceBody = z.strictObject({ slug });

export const managedEnterprise = z.object({
  enterpriseId: id,
  slug,
  name: z.string(),
  isProducer: z.boolean(),
  isHub: z.boolean(),
});

/** What a browser needs to know about who is signed in. */
export const sessionView = z.object({
  person: z.object({ personId: id, displayName: z.string(), email: z.string() }),
  /** Null for an operator while there is no instance; such a session acts in `noInstance`. */
  instance: instanceView.nullable(),
  roles: z.array(instanceRole),
  enterprises: z.array(managedEnterprise),
  /** Hubs could not be asked: the person may manage more than these. */
  enterprisesUnknown: z.literal(true).optional(),
});
export type SessionView = z.output<typeof sessionView>;

/** A signed token for ten minutes (one, when hubs could not be asked) and what it says. */
export const resolvedSession = z.object({
  token: z.string(),
  tokenExpiresAt: instant,
  session: sessionView,
});

export const personView = z.object({
  personId: id,
  displayName: z.string(),
  email: z.string(),
  roles: z.array(instanceRole),
  /** False while an invitation has not been accepted. */
  hasPassword: z.boolean(),
  registeredAt: instant,
});
export const meView = z.object({
  personId: id,
  displayName: z.string(),
  email: z.string(),
  /** Null until the link that was sent to the address is followed. */
  emailVerifiedAt: instant.nullable(),
  language: personLanguage,
  roles: z.array(instanceRole),
  registeredAt: instant,
});
/**
 * A new e-mail address or password needs the present password; a new password ends every other session and every
 * API token, a new address is to be verified again.
 */
export const updateMeBody = z.strictObject({
  displayName: textOf(120).optional(),
  email: email.optional(),
  language: personLanguage.optional(),
  currentPassword: givenPassword.optional(),
  newPassword: newPassword.optional(),
});
export const setRolesBody = z.strictObject({ roles: z.array(instanceRole).max(2) });

export const apiTokenView = z.object({
  apiTokenId: id,
  name: z.string(),
  createdAt: instant,
  expiresAt: instant,
  lastUsedAt: instant.nullable(),
});
export const createApiTokenBody = z.strictObject({
  name: textOf(80),
  expiresInDays: z.int().min(1).max(365).default(90),
});

export const auditQuery = z.strictObject({
  ...pageInput,
  actorId: id.optional(),
  objectId: id.optional(),
  action: z
    .string()
    .regex(/^[a-z-]{1,63}$/)
    .optional(),
});
export const auditEntry = z.object({
  auditId: id,
  recordedAt: instant,
  /** Null when the command line did it. */
  actorId: id.nullable(),
  /** Null for who is erased, or is not of the instance. */
  actorName: z.string().nullable(),
  /** Past tense, such as `roles-set`. */
  action: z.string(),
  objectKind: z.string(),
  objectId: id,
  /** Codes and ids that say more, never a name or a contact. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
