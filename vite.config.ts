import { resolve } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The page: client/ in, build/client out. Everything it needs is in there; it fetches nothing from elsewhere. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'client'),
  plugins: [preact()],
  build: {
    outDir: resolve(import.meta.dirname, 'build/client'),
    emptyOutDir: true,
    target: 'es2022',
    // xterm.js alone is larger than the default limit.
    chunkSizeWarningLimit: 900,
    // The page's policy allows no inline resources but pictures.
    assetsInlineLimit: 0,
  },
});
