import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'

// Lint finds what the compiler lets pass: promises nobody waits for, `any` that slips in, values thrown that are no errors.
// Layout belongs to prettier, and who imports whom to the import rules beside this file.
export default defineConfig(
  globalIgnores(['**/build/', '**/.svelte-kit/', '.build/', 'cdk.out/', '.market/', 'node_modules/', '**/*.d.mts']),
  js.configs.recommended,
  ts.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.recommendedTypeCheckedOnly],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: [{ from: 'package', package: '@sveltejs/kit', name: ['Redirect', 'HttpError'] }] },
      ],
      // Handlers and ports promise an answer whether or not they wait for something today.
      '@typescript-eslint/require-await': 'off',
      // Facts in logs and messages are often `unknown`; `String(error)` is how they are written.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      // The strict compiler options already forbid what these guess at, and they misread branded types.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      // Ports and test doubles are objects whose functions use no `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{ts,svelte}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // TypeScript resolves names, and knows the globals of each place.
      'no-undef': 'off',
    },
  },
  {
    // `expect.any()`, parsed answers and the like are `any` by the test library's own types.
    files: ['test/**/*.ts'],
    rules: Object.fromEntries(
      ['assignment', 'return', 'argument', 'member-access', 'call'].map((use) => [
        `@typescript-eslint/no-unsafe-${use}`,
        'off',
      ]),
    ),
  },
  { files: ['**/*.{mjs,js,cjs}'], rules: { 'no-undef': 'off', '@typescript-eslint/no-require-imports': 'off' } },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      // Pages are served from the root of one origin; there is no base path to resolve.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
)
