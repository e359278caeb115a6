import { z } from 'zod';
import { email, id, instant, pageInput, rateBps, slug, textOf } from './primitives.js';

const phone = z.string().regex(/^\+?[0-9][0-9 ()./-]{4,30}$/, { error: 'must be a telephone number' });
const countryCode = z.string().regex(/^[A-Z]{2}$/, { error: 'must be an ISO 3166 code such as DE' });

/** Where an enterprise is; coordinates are WGS 84 degrees. */
export const place = z.strictObject({
  street: textOf(200).nullable(),
  postalCode: textOf(20).nullable(),
  town: textOf(120),
  countryCode,
  latitude: z.number().min(-90).max(90).nullable(),
  longitude: z.number().min(-180).max(180).nullable(),
});
export type Place = z.output<typeof place>;

/** Whom to reach at an enterprise. It never leaves hubs in an event. */
export const enterpriseContact = z.strictObject({
  name: textOf(120),
  email,
  phone: phone.nullable(),
});
export type EnterpriseContact = z.output<typeof enterpriseContact>;

/** An enterprise as everybody sees it; `contact` is null unless it is published or the caller manages it. */
export const enterprise = z.object({
  enterpriseId: id,
  slug,
  name: z.string(),
  description: z.string(),
  isProducer: z.boolean(),
  isHub: z.boolean(),
  place: place.nullable(),
  vatRegistered: z.boolean(),
  contactPublished: z.boolean(),
  contact: enterpriseContact.nullable(),
  registeredAt: instant,
  changedAt: instant,
});
export type Enterprise = z.output<typeof enterprise>;

const enterpriseFields = {
  name: textOf(120),
  description: textOf(4_000, 0),
  isProducer: z.boolean(),
  isHub: z.boolean(),
  place: place.nullable(),
  contact: enterpriseContact,
  contactPublished: z.boolean(),
  vatRegistered: z.boolean(),
};

/** A new enterprise; without a slug one is made from the name. */
export const newEnterprise = z
  .strictObject({
    ...enterpriseFields,
    slug: slug.optional(),
    description: enterpriseFields.description.default(''),
    place: enterpriseFields.place.default(null),
    contactPublished: enterpriseFields.contactPublished.default(false),
    vatRegistered: enterpriseFields.vatRegistered.default(false),
  })
  .refine((value) => value.isProducer || value.isHub, {
    error: 'an enterprise is a producer, a hub, or both',
    path: ['isHub'],
  });
export type NewEnterprise = z.output<typeof newEnterprise>;

/** The fields to change; those left out stay. */
export const enterpriseChanges = z.strictObject({ ...enterpriseFields, slug }).partial();
export type EnterpriseChanges = z.output<typeof enterpriseChanges>;

/** A hub's managers from an instant on; what they do not hold of the commission is the hub's own. */
export const managersChange = z
  .strictObject({
    managers: z
      .array(z.strictObject({ personId: id, shareBps: rateBps }))
      .min(1)
      .max(50),
    /** Now when left out; never in the past. */
    validFrom: instant.optional(),
  })
  .refine(({ managers }) => managers.reduce((sum, { shareBps }) => sum + shareBps, 0) <= 10_000, {
    error: 'the shares add up to at most 10 000 basis points',
    path: ['managers'],
  })
  .refine(({ managers }) => new Set(managers.map(({ personId }) => personId)).size === managers.length, {
    error: 'each person is named once',
    path: ['managers'],
  });

/** The managers who hold shares from `validFrom` until the next entry. */
export const managersOf = z.object({
  validFrom: instant,
  hubShareBps: rateBps,
  managers: z.array(z.object({ personId: id, displayName: z.string().nullable(), shareBps: rateBps })),
});
export type ManagersOf = z.output<typeof managersOf>;

/** Contacts of a producer's existing customers: e-mail addresses or telephone numbers; only their keyed hashes are kept. */
export const existingCustomers = z.strictObject({
  contacts: z
    .array(z.union([email, phone], { error: 'must be an e-mail address or a telephone number' }))
    .min(1)
    .max(10_000),
});

/** Ids separated by commas, as a query carries them; at most 200. */
const idsInQuery = z
  .string()
  .max(8_000)
  .transform((text) => text.split(','))
  .pipe(z.array(id).max(200));

/** How lists of enterprises are asked for over HTTP. */
export const enterprisesQuery = z.strictObject({
  ...pageInput,
  role: z.enum(['hub', 'producer']).optional(),
  managed: z.stringbool().default(false),
  ids: idsInQuery.optional(),
});

/** How buyers' names are asked for over HTTP. */
export const buyersQuery = z.strictObject({ ids: idsInQuery });
