import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Run from the repository root (`vite build --config web/vite.config.ts`): the adapter reads the one package.json
// there, finds no production dependency in it, and so bundles everything. web/build needs no node_modules.
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  // Kit's build steps load this file again without command-line arguments, so the root is named here.
  root: here('.'),
  plugins: [
    sveltekit({
      adapter: adapter({ out: here('build'), precompress: true }),
      outDir: here('.svelte-kit'),
      // Only a pick-up counter registers it, for its own address (lib/pick-up/keep.ts).
      serviceWorker: { register: false },
      csp: {
        mode: 'nonce',
        // `form-action` is completed at run time (hooks.server.ts): the payment page's origin is configuration.
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src': ['self'],
          // The one style attribute there is: that of Kit's own announcer of page changes, named by its hash.
          'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
          'img-src': ['self', 'data:'],
          'connect-src': ['self'],
          'manifest-src': ['self'],
          'worker-src': ['self'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
  build: { target: 'es2022' },
})
