import type { PersonLanguage } from '@foodshed/contracts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** A mail that was not accepted so often is given up; the person can ask for another. */
export const MOST_ATTEMPTS = 12;
/** A link is good this long. */
export const LINK_LIFETIME_MS = 3 * 86_400_000;
/** A person may ask for another mail this long after the last. */
export const BETWEEN_MAILS_MS = 60_000;
/** Mails that were sent are remembered this long, to know when the last one was. */
export const MAILS_KEPT_MS = 7 * 86_400_000;

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

/** How long after its n-th attempt a mail is tried again: a minute, doubled by each further one, an hour at most. */
export function waitAfter(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_WAIT_MS);
}

/** The page that verifies an address; its secret is in the fragment, which browsers send to nobody. */
export function verificationLink(publicUrl: string, secret: string): string {
  return `${publicUrl.replace(/\/$/, '')}/verify-email#${secret}`;
}

const verification: Readonly<Record<PersonLanguage, (link: string) => { subject: string; text: string[] }>> =
  {
    en: (link) => ({
      subject: 'Confirm your e-mail address for Foodshed',
      text: [
        'Somebody, most likely you, has given this e-mail address at Foodshed.',
        'Open this page to confirm that it is yours. The link is good for three days:',
        link,
        'If it was not you, do nothing: the address is then not used to find anybody.',
      ],
    }),
    fr: (link) => ({
      subject: 'Confirmez votre adresse e-mail pour Foodshed',
      text: [
        'Quelqu’un, sans doute vous, a indiqué cette adresse e-mail chez Foodshed.',
        'Ouvrez cette page pour confirmer qu’elle est à vous. Le lien est valable trois jours :',
        link,
        'Si ce n’était pas vous, ne faites rien : l’adresse ne sert alors à trouver personne.',
      ],
    }),
  };

/**
 * The mail that verifies an address. It says nothing that whoever registered has typed: otherwise anybody could
 * have a text of their own sent to anybody.
 */
export function verificationMail(link: string, language: PersonLanguage): MailText {
  const { subject, text } = verification[language](link);
  return { subject, text: text.join('\n\n') };
}
