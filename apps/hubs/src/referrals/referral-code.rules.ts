const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SIGNED_BYTES = 6;
const SIGNATURE_BYTES = 4;

/** How many random bytes a code carries; four bytes of signature follow. */
export const CODE_RANDOM_BYTES = SIGNED_BYTES;

/**
 * A code of 16 letters (Crockford's alphabet, in groups of four) out of 6 random bytes and the first 4 bytes
 * of their signature. @throws RangeError for other lengths
 */
export function codeOf(random: Uint8Array, signature: Uint8Array): string {
  if (random.length !== SIGNED_BYTES || signature.length < SIGNATURE_BYTES)
    throw new RangeError('wrong length');
  let bits = 0n;
  for (const byte of [...random, ...signature.slice(0, SIGNATURE_BYTES)]) bits = (bits << 8n) | BigInt(byte);
  let letters = '';
  for (let position = 15n; position >= 0n; position--)
    letters += LETTERS[Number((bits >> (position * 5n)) & 31n)];
  return letters.replace(/.{4}(?=.)/g, '$&-');
}

/** The random bytes that a code carries. The code must be 16 letters of the alphabet in groups of four. */
export function randomOf(code: string): Uint8Array {
  let bits = 0n;
  for (const letter of code.replaceAll('-', '')) bits = (bits << 5n) | BigInt(LETTERS.indexOf(letter));
  const random = bits >> BigInt(8 * SIGNATURE_BYTES);
  return Uint8Array.from({ length: SIGNED_BYTES }, (_, index) =>
    Number((random >> BigInt(8 * (SIGNED_BYTES - 1 - index))) & 255n),
  );
}
