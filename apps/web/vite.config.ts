import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

/** Writes its compressed form beside each text; the gateway sends that to whoever reads it. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }) {
    const texts = readdirSync(dir!, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(js|css|html|svg)$/.test(file),
    );
    for (const file of texts) {
      writeFileSync(join(dir!, `${file}.gz`), gzipSync(readFileSync(join(dir!, file)), { level: 9 }));
    }
  },
});

/** What must open without a connection, beside what the first page loads: people's own page and the packing list, in each language. */
const OFFLINE_PARTS = /(packing|home)\.page\.tsx$|text\/\w+\.json$/;
const LATIN_FONT = /latin-wght.*\.woff2$/;

/** The files of a build that the first page and the offline pages load, as paths. */
function offlineFiles(bundle: Rolldown.OutputBundle): string[] {
  const wanted = new Set<string>();
  const want = (fileName: string): void => {
    const file = bundle[fileName];
    if (!file || wanted.has(fileName)) return;
    wanted.add(fileName);
    if (file.type === 'chunk') file.imports.forEach(want);
  };
  for (const [fileName, file] of Object.entries(bundle)) {
    const isStart = file.type === 'chunk' && (file.isEntry || OFFLINE_PARTS.test(file.facadeModuleId ?? ''));
    if (isStart || fileName.endsWith('.css') || LATIN_FONT.test(fileName)) want(fileName);
  }
  return [...wanted].sort().map((fileName) => `/${fileName}`);
}

/**
 * Writes the service worker with the files it keeps. Sixty lines of our own: Workbox's builder would bring a second
 * bundler and Babel with some two hundred packages for the same list.
 */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = JSON.stringify([...offlineFiles(bundle), '/favicon.svg', '/manifest.webmanifest']);
      const page = readFileSync(new URL('index.html', import.meta.url));
      const version = createHash('sha256').update(files).update(page).digest('base64url').slice(0, 12);
      const source = readFileSync(new URL('service-worker.js', import.meta.url), 'utf8')
        .replace('__FILES__', files)
        .replace('__VERSION__', `'${version}'`);
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
    },
  };
}

export default defineConfig({
  plugins: [react(), serviceWorker(), compressed()],
  resolve: { conditions: ['@foodshed/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    // What many pages need is one file rather than thirty; the rest stays with the few that need it.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'frame', minShareCount: 10 }] } },
    },
  },
  // `npm run dev` style work: the gateway answers /api, vite serves the sources.
  server: { proxy: { '/api': process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4100' } },
});
