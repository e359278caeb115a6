import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure, looksLikeFullDisk, looksLikeNoNetwork } from './failure.mjs';
import { findProgram, run } from './run.mjs';

/** Folders of an unpacked package tree that hold shared libraries. */
const LIBRARY_FOLDERS = ['usr/lib', 'lib', 'usr/lib/TRIPLET', 'lib/TRIPLET', 'usr/local/lib'];

const DEBIAN_KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Returns whether this machine has Debian's package tools. */
export function hasApt() {
  return Boolean(findProgram('apt-get') && findProgram('dpkg'));
}

/**
 * Fetches Debian packages with what they need beyond the machine's own, and unpacks them into
 * `<home>/packages/<names>`. Nothing is installed: apt works on private folders, so it needs no rights
 * and starts no services. A tree that was unpacked before is used again. `suite` takes the named packages
 * alone from that later release of Debian, for programs that need nothing else of it.
 * @param {{cache: string, names: string[], suite?: string, log: (line: string) => void}} request
 * @returns {Promise<string>} the root of the unpacked tree
 * @throws Failure when a package cannot be had
 */
export function obtainPackages({ cache, names, suite, log }) {
  const label = [...names, ...(suite ? [suite] : [])].join('+');
  const root = join(cache, 'packages', label);
  if (existsSync(join(root, 'complete'))) return Promise.resolve(root);
  if (!underway.has(root)) {
    log(`fetching ${names.join(', ')}${suite ? ` of ${suite}` : ''} with apt; nothing is installed`);
    // Folders of this process only: another command may fetch the same packages now.
    const work = join(cache, 'packages', `.${process.pid}-${label}`);
    const fetched = fetchInto({ work, names, suite, log })
      .then((packages) => {
        writeFileSync(join(work, 'root', 'complete'), `${packages.join('\n')}\n`);
        return moveInPlace(join(work, 'root'), root);
      })
      .finally(() => {
        underway.delete(root);
        rmSync(work, { recursive: true, force: true });
      });
    underway.set(root, fetched);
  }
  return underway.get(root);
}

/** What this process fetches now: whoever asks for the same meanwhile gets the same answer. */
const underway = new Map();

/** Puts a whole tree where it belongs, unless another process was first; returns its place. */
function moveInPlace(tree, root) {
  try {
    renameSync(tree, root);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    if (!existsSync(join(root, 'complete'))) {
      rmSync(root, { recursive: true, force: true });
      renameSync(tree, root);
    }
  }
  return root;
}

/** Downloads and unpacks into `<work>/root`; returns the names of all packages that were needed. */
async function fetchInto({ work, names, suite, log }) {
  const root = join(work, 'root');
  const downloads = join(work, 'downloads');
  mkdirSync(root, { recursive: true });
  mkdirSync(downloads, { recursive: true });
  const apt = privateApt(join(work, 'apt'), suite);
  let packages = suite ? undefined : await apt.missing(names);
  let result = packages && (await apt.download(packages, downloads));
  if (result?.code !== 0) {
    log('reading fresh package lists');
    const update = await apt.update();
    packages = suite ? names : await apt.missing(names);
    if (!packages) throw cannotHave(names, update.output);
    result = await apt.download(packages, downloads);
    result.output = `${update.output}\n${result.output}`;
  }
  if (result.code !== 0) throw cannotHave(names, result.output);
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    const unpacked = await run('dpkg', ['-x', join(downloads, file), root]);
    if (unpacked.code !== 0) throw cannotHave(names, unpacked.output);
  }
  return packages;
}

/** Returns an environment in which programs of an unpacked tree find the libraries that came with them. */
export async function libraryEnvironment(root) {
  const triplet = (await run('dpkg-architecture', ['-qDEB_HOST_MULTIARCH'])).stdout.trim() || guessTriplet();
  const folders = LIBRARY_FOLDERS.map((folder) => join(root, folder.replace('TRIPLET', triplet)));
  const present = folders.filter((folder) => existsSync(folder));
  const before = process.env.LD_LIBRARY_PATH ? [process.env.LD_LIBRARY_PATH] : [];
  const all = [...present, ...present.flatMap(privateLibraries), ...before];
  return { ...process.env, LD_LIBRARY_PATH: all.join(':') };
}

/** Folders below a library folder with libraries that their users find by a path that is fixed in them. */
function privateLibraries(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .filter((inner) => readdirSync(inner).some((name) => /^lib.+\.so/.test(name)));
}

/** apt with private state: first on the machine's own package lists, after `update` on fresh ones. */
function privateApt(folder, suite) {
  for (const name of ['lists/partial', 'cache/archives/partial', 'conf.d']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  if (existsSync('/etc/apt/apt.conf.d'))
    cpSync('/etc/apt/apt.conf.d', join(folder, 'conf.d'), { recursive: true });
  // The machine's settings (a proxy, for example) hold; its hooks would act on the system and are left out.
  const hooks = ['APT::Update::Pre-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success'];
  writeFileSync(
    join(folder, 'conf.d', 'zzz-private'),
    [...hooks, 'DPkg::Post-Invoke', 'DPkg::Pre-Invoke'].map((hook) => `#clear ${hook};\n`).join(''),
  );
  writeFileSync(join(folder, 'apt.conf'), `Dir::Etc::Parts "${join(folder, 'conf.d')}";\n`);
  const options = {
    'Dir::Cache': join(folder, 'cache'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    ...(process.getuid?.() === 0 ? { 'APT::Sandbox::User': 'root' } : {}),
  };
  if (suite) {
    writeFileSync(
      join(folder, 'sources.list'),
      `deb [signed-by=${DEBIAN_KEYS}] ${debianMirror()} ${suite} main\n`,
    );
    options['Dir::Etc::sourcelist'] = join(folder, 'sources.list');
    options['Dir::Etc::sourceparts'] = '-';
  }
  const arguments_ = () => Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const environment = { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' };
  const apt = (args, cwd) =>
    run('apt-get', [...arguments_(), ...args], { cwd, env: environment, timeoutMs: 300_000 });
  return {
    update: () => {
      options['Dir::State::lists'] = join(folder, 'lists');
      return apt(['update']);
    },
    /** The packages that an installation would add to this machine; undefined when apt does not know them. */
    missing: async (names) => {
      const result = await apt(['-s', 'install', '--no-install-recommends', ...names]);
      if (result.code !== 0) return undefined;
      const added = [...result.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
      return [...new Set([...names, ...added])];
    },
    download: (packages, cwd) => apt(['download', ...packages], cwd),
  };
}

function cannotHave(names, output) {
  const detail = output.trim().split('\n').slice(-6).join('\n');
  const what = names.join(', ');
  if (looksLikeFullDisk(output)) {
    return new Failure(
      'The disk is full: free some space (about 2 GB are needed) and run the command again.',
      {
        detail,
      },
    );
  }
  if (looksLikeNoNetwork(output)) {
    return new Failure(
      `${what} cannot be fetched because the package servers cannot be reached: check the network (and proxy settings), or install ${what} yourself, and run the command again.`,
      { detail },
    );
  }
  return new Failure(
    `${what} cannot be fetched with apt: install ${what} yourself and run the command again.`,
    { detail },
  );
}

function guessTriplet() {
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch] ?? process.arch;
  return `${architecture}-linux-gnu`;
}

/** Returns whether this is Debian itself, whose later releases can be read with the keys that are here. */
export function isDebian() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID="?debian"?$/m.test(readFileSync(file, 'utf8')) && existsSync(DEBIAN_KEYS);
}

/** Returns the address from which this machine takes Debian's packages. @throws Failure when apt has none */
function debianMirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const text = ['/etc/apt/sources.list', ...files]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const address = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(text)?.[1];
  if (address) return address;
  throw new Failure(
    'apt names no source of Debian packages: put one into /etc/apt/sources.list and run again.',
  );
}
