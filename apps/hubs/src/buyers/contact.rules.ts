/** An e-mail address as it is compared: trimmed, lower case. */
export function normalisedEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** A telephone number as it is compared: digits only, `+` or `00` and a bracketed trunk zero removed. */
export function normalisedPhone(phone: string): string {
  const digits = phone.replace('(0)', '').replace(/[^0-9+]/g, '');
  return digits.replace(/^(\+|00)/, '');
}

/** What is hashed of a contact; e-mail addresses and numbers never meet. */
export function comparable(contact: string): string {
  return contact.includes('@') ? `email:${normalisedEmail(contact)}` : `phone:${normalisedPhone(contact)}`;
}

/** A buyer's name as it is shown; null is somebody who was erased. */
export function nameOrFormer(displayName: string | null | undefined): string {
  return displayName ?? 'Former customer';
}
