import { DomainError } from '@foodshed/contracts';

const BYTE_ORDER_MARKS = [
  { charset: 'utf-16le', bytes: [0xff, 0xfe] },
  { charset: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * A file's text: as its byte-order mark says, else in the charset of its content type, else UTF-8. Bytes that are
 * no text become U+FFFD, which the reader of the file names in its line. @throws invalid-input for an unknown charset
 */
export function textOfFile(file: Buffer, contentType = ''): string {
  const marked = BYTE_ORDER_MARKS.find(({ bytes }) => bytes.every((byte, index) => file[index] === byte));
  const named = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
  try {
    return new TextDecoder(marked?.charset ?? named ?? 'utf-8').decode(file);
  } catch (error) {
    throw new DomainError(
      'invalid-input',
      {
        detail: 'The charset of the Content-Type is not known; send the file in UTF-8.',
        fields: [{ path: 'Content-Type', message: 'names a charset that is not known' }],
      },
      error,
    );
  }
}
