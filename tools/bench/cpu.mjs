import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;

/** Returns the fields of /proc/<pid>/stat after the name, or undefined when the process has ended. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

/**
 * Returns the processor time in milliseconds that a process and all its children have used, those that ended
 * among them; 0 for a process that is gone. Linux only.
 */
export function cpuOfTree(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (!stat) continue;
    const parent = Number(stat[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const sum = (each) => {
    const stat = statOf(each);
    if (!stat) return 0;
    const [user, system, endedUser, endedSystem] = stat.slice(11, 15).map(Number);
    const children = (parents.get(each) ?? []).reduce((total, child) => total + sum(child), 0);
    return (user + system + endedUser + endedSystem) * MS_PER_TICK + children;
  };
  return sum(pid);
}

/** Returns the processor time in milliseconds of children of this process that have ended. */
export function cpuOfEndedChildren() {
  const stat = statOf(process.pid);
  return (Number(stat[13]) + Number(stat[14])) * MS_PER_TICK;
}

/** Returns a function that gives the processor time, by name, that the processes have used since the call. */
export function cpuMeter(pidsByName) {
  const read = () =>
    Object.fromEntries(
      Object.entries(pidsByName).map(([name, pids]) => [
        name,
        [pids].flat().reduce((total, pid) => total + (pid ? cpuOfTree(pid) : 0), 0),
      ]),
    );
  const before = read();
  return () => Object.fromEntries(Object.entries(read()).map(([name, ms]) => [name, ms - before[name]]));
}
