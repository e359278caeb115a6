import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig({
  plugins: [react(), compressed()],
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
