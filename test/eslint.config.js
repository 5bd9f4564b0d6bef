import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'

// The lint of pages, for what reads TypeScript alone cannot read them. All other code is oxlint's: see `.oxlintrc.json`.
export default defineConfig(
  globalIgnores(['**/build/', '**/.svelte-kit/', '.build/', 'cdk.out/', '.market/', 'node_modules/', '**/*.d.mts']),
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [js.configs.recommended, ts.configs.recommended, svelte.configs.recommended],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SvelteElement[name.name="textarea"] SvelteAttribute[key.name="defaultValue"]',
          message:
            'the server leaves it out: without JavaScript what was typed would be lost. See ui/LinesField.svelte.',
        },
      ],
      // TypeScript resolves names, and knows the globals of each place.
      'no-undef': 'off',
      // Pages are served from the root of one origin; there is no base path to resolve.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
)
