/** A failure that a person can act on: its message is one sentence that says what to do. */
export class Failure extends Error {
  /** @param {string} sentence @param {{cause?: unknown, detail?: string}} [more] `detail` is shown before the sentence. */
  constructor(sentence, { cause, detail } = {}) {
    super(sentence, { cause });
    this.name = 'Failure';
    this.detail = detail ?? '';
  }
}

const NETWORK_CODES = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', 'ENETUNREACH'];

/** Returns the one sentence for any error, known or not. */
export function sentenceFor(error) {
  if (error instanceof Failure) return error.message;
  const code = error?.code ?? error?.cause?.code;
  if (code === 'ENOSPC' || looksLikeFullDisk(String(error?.message))) {
    return 'The disk is full: free some space (about 2 GB are needed) and run the command again.';
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const place = error.path ?? 'this folder';
    return `Writing to ${place} is not permitted: run the command as the owner of this folder, or make it writable.`;
  }
  if (code === 'EADDRINUSE') {
    return `Port ${error.port ?? ''} is taken: free it or leave PORT unset so that a free one is chosen.`;
  }
  if (NETWORK_CODES.includes(code)) {
    return 'The network cannot be reached: check the connection (and proxy settings) and run the command again.';
  }
  return `Something unexpected went wrong (${oneLine(error)}): run the command again, and report it with .foodshed/logs if it stays.`;
}

/** True when a program's output says that the disk is full. */
export function looksLikeFullDisk(text) {
  return /ENOSPC|No space left on device|disk full/i.test(text);
}

/** True when a program's output says that a host could not be reached. */
export function looksLikeNoNetwork(text) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|Temporary failure resolving|Could not resolve|Failed to fetch|network (request|connectivity)/i.test(
    text,
  );
}

/** Prints what is known and, last, the sentence; returns the exit code to end with. */
export function reportFailure(error) {
  if (error instanceof Failure && error.detail) console.error(error.detail);
  else if (!(error instanceof Failure)) console.error(error);
  console.error(`\n${sentenceFor(error)}`);
  return 1;
}

function oneLine(error) {
  return String(error?.message ?? error)
    .split('\n')[0]
    .slice(0, 160);
}
