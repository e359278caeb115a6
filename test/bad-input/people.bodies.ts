import {
  acceptInvitationBody,
  createApiTokenBody,
  createInstanceBody,
  enterpriseChanges,
  existingCustomers,
  introductionBody,
  inviteBody,
  managerInvitationBody,
  managersChange,
  newEnterprise,
  referralLinkBody,
  referralUseBody,
  registerBody,
  setClockBody,
  setRolesBody,
  signInBody,
  switchInstanceBody,
  updateMeBody,
  verifyEmailBody,
} from '@foodshed/contracts';
import { at, email, shortName } from '../roles/row.js';
import type { Body } from './body.js';

const place = {
  street: 'Mill Lane 1',
  postalCode: '1000',
  town: 'Anytown',
  countryCode: 'PT',
  latitude: 38.7,
  longitude: -9.1,
};
const contact = () => ({ name: 'Somebody', email: email(), phone: '+351 210 000 000' });
const person = { displayName: 'Somebody', password: 'a long enough secret' };

/** Bodies about people, instances and enterprises, with as many fields as they may have. */
export const peopleBodies: Readonly<Record<string, Body>> = {
  'POST /session': {
    schema: signInBody,
    as: 'anonymous',
    call: ({ network, otherBuyer }) => ({
      path: '/session',
      body: { email: otherBuyer.email, password: otherBuyer.password, instanceSlug: network.slug },
    }),
  },
  'PUT /session/instance': {
    schema: switchInstanceBody,
    as: 'otherBuyer',
    call: ({ network }) => ({ path: '/session/instance', body: { slug: network.slug } }),
  },
  'POST /instances': {
    schema: createInstanceBody,
    as: 'operator',
    call: () => ({
      path: '/instances',
      body: {
        slug: shortName('new'),
        name: 'New',
        currency: 'EUR',
        timeZone: 'Europe/Lisbon',
        locales: ['en', 'pt-PT'],
        description: 'A valley',
      },
    }),
  },
  'POST /people': {
    schema: registerBody,
    as: 'anonymous',
    call: () => ({
      path: '/people',
      body: { ...person, email: email(), language: 'fr', emailIsVerified: false },
    }),
  },
  'PUT /people/{personId}/roles': {
    schema: setRolesBody,
    as: 'steward',
    call: async ({ network }) => {
      const { personId } = await network.person('Roland');
      return { path: `/people/${personId}/roles`, body: { roles: ['steward'] } };
    },
  },
  'POST /invitations': {
    schema: inviteBody,
    as: 'steward',
    call: () => ({ path: '/invitations', body: { displayName: 'Guest', email: email() } }),
  },
  'POST /invitations/acceptances': {
    schema: acceptInvitationBody,
    as: 'anonymous',
    call: async ({ steward }) => {
      const guest = { displayName: 'Guest', email: email() };
      const { invitation } = await steward.client.post<{ invitation: string }>('/invitations', guest);
      return {
        path: '/invitations/acceptances',
        body: { invitation, password: person.password, language: 'fr' },
      };
    },
  },
  'PATCH /me': {
    schema: updateMeBody,
    as: 'otherProducer',
    call: () => ({
      path: '/me',
      body: {
        displayName: 'Another Name',
        email: email(),
        language: 'fr',
        currentPassword: 'not the present one',
        newPassword: 'another long secret',
      },
    }),
  },
  'POST /email-verifications': {
    schema: verifyEmailBody,
    as: 'anonymous',
    call: () => ({ path: '/email-verifications', body: { secret: 'x'.repeat(43) } }),
  },
  'POST /api-tokens': {
    schema: createApiTokenBody,
    as: 'buyer',
    call: () => ({ path: '/api-tokens', body: { name: 'till', expiresInDays: 30 } }),
  },
  'POST /system/clock': {
    schema: setClockBody,
    as: 'operator',
    isShared: true,
    call: ({ clockOffsetMs }) => ({ path: '/system/clock', body: { offsetMs: clockOffsetMs } }),
  },
  'POST /enterprises': {
    schema: newEnterprise,
    as: 'otherBuyer',
    call: () => ({
      path: '/enterprises',
      body: {
        name: 'Orchard',
        slug: shortName('orchard'),
        description: 'Apples',
        isProducer: true,
        isHub: true,
        place,
        contact: contact(),
        contactPublished: false,
        vatRegistered: true,
      },
    }),
  },
  'PATCH /enterprises/{id}': {
    schema: enterpriseChanges,
    as: 'otherHub',
    call: ({ otherHub }) => ({
      path: `/enterprises/${otherHub.enterpriseId}`,
      body: { name: 'Hub', description: 'Fridays', place, contact: contact(), vatRegistered: false },
    }),
  },
  'PUT /enterprises/{id}/managers': {
    schema: managersChange,
    as: 'otherHub',
    call: async ({ network, otherHub, otherBuyer }) => {
      await network.join(otherHub.enterpriseId, otherHub, otherBuyer);
      const managers = [
        { personId: otherHub.personId, shareBps: 6_000 },
        { personId: otherBuyer.personId, shareBps: 4_000 },
      ];
      return {
        path: `/enterprises/${otherHub.enterpriseId}/managers`,
        body: { managers, validFrom: at(400) },
      };
    },
  },
  'POST /enterprises/{id}/manager-invitations': {
    schema: managerInvitationBody,
    as: 'otherHub',
    call: ({ otherHub }) => ({
      path: `/enterprises/${otherHub.enterpriseId}/manager-invitations`,
      body: { email: email() },
    }),
  },
  'POST /producers/{id}/existing-customers': {
    schema: existingCustomers,
    as: 'producer',
    call: ({ producer }) => ({
      path: `/producers/${producer.enterpriseId}/existing-customers`,
      body: { contacts: [email(), '+351 210 000 001'] },
    }),
  },
  'POST /hubs/{id}/referral-links': {
    schema: referralLinkBody,
    as: 'hub',
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/referral-links`, body: { label: 'Poster' } }),
  },
  'POST /referral-links/{code}/uses': {
    schema: referralUseBody,
    as: 'otherHub',
    call: ({ referralCode, otherHub }) => ({
      path: `/referral-links/${referralCode}/uses`,
      body: { enterpriseId: otherHub.enterpriseId },
    }),
  },
  'POST /hubs/{id}/introductions': {
    schema: introductionBody,
    as: 'hub',
    call: ({ hub, producer, buyer }) => ({
      path: `/hubs/${hub.enterpriseId}/introductions`,
      body: { producerId: producer.enterpriseId, buyer: { kind: 'person', id: buyer.personId } },
    }),
  },
};
