/**
 * Who may import whom. Each rule keeps a promise of the design; `import-rules.test.ts` plants a breach of each and sees
 * it found, so that a rule that no longer matches anything cannot pass for one that holds.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shared-is-pure',
      severity: 'error',
      comment: 'shared runs in the browser: zod and itself only, not even a module of Node',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'kernel-knows-nobody',
      severity: 'error',
      from: { path: '^shared/kernel/' },
      to: { path: '^shared/(contracts|domain)/' },
    },
    {
      name: 'contracts-do-not-decide',
      severity: 'error',
      from: { path: '^shared/contracts/' },
      to: { path: '^shared/domain/' },
    },
    {
      name: 'domain-contexts-are-islands',
      severity: 'error',
      from: { path: '^shared/domain/([^/]+)/' },
      to: { path: '^shared/domain/[^/]+/', pathNot: '^shared/domain/$1/' },
    },
    {
      name: 'function-contexts-are-islands',
      severity: 'error',
      from: { path: '^functions/([^/]+)/', pathNot: '^functions/platform/' },
      to: { path: '^functions/[^/]+/', pathNot: ['^functions/$1/', '^functions/platform/'] },
    },
    {
      name: 'second-book-writes-no-ledger',
      severity: 'error',
      comment:
        "the owners' common revenue never meets the charity's money: whoever keeps one has no way to write the other",
      from: { path: ['^functions/sunshine/', '^shared/domain/sunshine/'] },
      to: {
        path: ['^functions/platform/table/(ledger|manual-entry-keys|cash-book)\\.ts$', '^shared/domain/fund/post-'],
      },
    },
    {
      name: 'ledger-knows-no-second-book',
      severity: 'error',
      from: { path: ['^functions/(?!sunshine/)', '^shared/domain/(?!sunshine/)'] },
      to: { path: ['/table/sunshine-keys\\.ts$', '/table/items/sunshine\\.ts$', '^shared/domain/sunshine/'] },
    },
    {
      name: 'household-aid-is-private',
      severity: 'error',
      comment:
        'what a household in difficulty wrote is read, and written, by its own context alone: not even to be told',
      from: {
        path: ['^functions/(?!aid/)', '^shared/domain/(?!aid/)', '^cdk/tools/'],
        pathNot: '^functions/platform/table/(aid-keys|items/aid)\\.ts$',
      },
      to: { path: ['/table/aid-keys\\.ts$', '/table/items/aid\\.ts$', '^shared/domain/aid/'] },
    },
    {
      name: 'household-aid-tells-nobody',
      severity: 'error',
      comment: 'it writes no event, notice, message, log or ledger: whoever keeps it has no way to say it elsewhere',
      from: { path: ['^functions/aid/', '^shared/domain/aid/'] },
      to: {
        path: [
          '^functions/platform/(messages|outgoing|log\\.ts$|stream\\.ts$)',
          '^functions/platform/table/(notices|ledger|hook-keys)\\.ts$',
          '^shared/contracts/(events|notifications|hooks)',
        ],
      },
    },
    {
      name: 'platform-knows-no-context',
      severity: 'error',
      from: { path: '^functions/platform/' },
      to: { path: '^functions/(?!platform/)' },
    },
    {
      name: 'platform-does-not-decide',
      severity: 'error',
      comment: 'the ledger module may name the types of what a posting decided; no code of a decision runs down here',
      from: { path: '^functions/platform/' },
      to: { path: '^shared/domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'aws-and-stripe-only-in-platform',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/platform/' },
      to: { path: 'node_modules/(@aws-sdk|@smithy|stripe|@middy)/' },
    },
    {
      name: 'only-the-table-speaks-to-dynamodb',
      severity: 'error',
      from: { path: '^functions/', pathNot: ['^functions/platform/table/', '^functions/platform/stream\\.ts$'] },
      to: { path: 'node_modules/@aws-sdk/(client-dynamodb|util-dynamodb|client-dynamodb-streams)/' },
    },
    {
      name: 'web-sees-shared-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(functions|cdk|test)/' },
    },
    {
      name: 'web-reaches-out-on-the-server-only',
      severity: 'error',
      comment: 'what is not under lib/server is compiled into the browser',
      from: {
        path: '^web/src/',
        pathNot: ['^web/src/lib/server/', '\\+(page|layout)?\\.?server\\.ts$', '^web/src/hooks\\.server\\.ts$'],
      },
      to: { path: ['node_modules/(@aws-sdk|openid-client)/', '^node:'] },
    },
    {
      name: 'nothing-imports-cdk',
      severity: 'error',
      from: { pathNot: ['^cdk/', '^test/'] },
      to: { path: '^cdk/' },
    },
    {
      name: 'local-host-reads-only-the-template',
      severity: 'error',
      from: { path: '^cdk/local/' },
      to: { path: '^(functions|web|shared|test|cdk/(?!local/))' },
    },
    {
      name: 'tools-speak-http',
      severity: 'error',
      comment: 'seed, demo and verify use contracts and HTTP only, as any client could',
      from: { path: '^cdk/tools/' },
      to: { path: ['^functions/', '^web/'] },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(shared|functions|web|cdk)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // SvelteKit makes these modules when it builds; svelte-check looks at them.
    exclude: { path: ['^web/(build|\\.svelte-kit)/', '\\$types$', '^\\$app/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'svelte'],
    },
  },
}
