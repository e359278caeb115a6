const COLOURS = [36, 33, 35, 32, 34, 96];
const QUIET_LEVELS = new Set(['trace', 'debug']);
const ONLY_TROUBLE = new Set(['trace', 'debug', 'info']);
const useColour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
const colours = new Map();

/** What services write, a line each with the service in front; JSON lines become readable, the files keep them whole. */
export class ServiceLines {
  /** While true only warnings and errors are shown (during the loading of the demo, which is busy). */
  onlyTrouble = false;

  print(service, line) {
    const entry = parse(line);
    const level = entry?.level ?? 'info';
    if ((this.onlyTrouble ? ONLY_TROUBLE : QUIET_LEVELS).has(level)) return;
    const text = entry ? `${level.padEnd(5)} ${entry.msg ?? ''}${facts(entry)}` : line;
    console.log(`${colour(service, service.padEnd(12))} ${text}`);
  }
}

function parse(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The facts that help at a glance; the rest is in the log file. */
function facts(entry) {
  const error = entry.error?.message ?? entry.err?.message;
  const rest = { ...(entry.requestId ? { requestId: entry.requestId } : {}), ...(error ? { error } : {}) };
  const text = Object.entries(rest).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return text.join('').slice(0, 300);
}

function colour(service, text) {
  if (!useColour) return text;
  if (!colours.has(service)) colours.set(service, COLOURS[colours.size % COLOURS.length]);
  return `\x1b[${colours.get(service)}m${text}\x1b[0m`;
}
