import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose, STACK_NAME } from '../app.ts'
import { decideSettings, RefusedSettings } from '../platform/settings.ts'
import { build } from './build.ts'
import { root } from './paths.ts'
import { callerPath, readFlags, runTool, say, Usage } from './result.ts'

/** `npm run synth`: the CloudFormation template and its assets, without network, account or Docker. */
await runTool(async () => {
  const { values } = readFlags({
    stage: { type: 'string' },
    region: { type: 'string' },
    out: { type: 'string' },
    issuer: { type: 'boolean' },
    'split-provider': { type: 'string' },
    'operator-is-seller': { type: 'boolean' },
  })
  const settings = settingsOf(values)
  await build()
  const outdir = values.out === undefined ? join(root, 'cdk.out') : callerPath(values.out)
  const { app, platform } = compose(settings, { outdir })
  app.synth()
  const file = join(outdir, `${STACK_NAME}.template.json`)
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, unknown> }
  const missing = platform.declared.filter((name) => !existsSync(join(root, '.build', 'functions', name)))
  say(
    `synth: ${settings.stage} in ${settings.region}, sign-in by ${settings.signIn}, ${settings.cdn ? 'with' : 'without'} CDN`,
  )
  if (missing.length > 0) say(`synth: no code yet for ${missing.join(', ')}`)
  return {
    ...settings,
    template: file,
    resources: Object.keys(template.Resources).length,
    missing,
    ok: missing.length === 0,
  }
})

function settingsOf(values: Record<string, string | boolean | undefined>) {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined)
  try {
    return decideSettings({
      stage: text('stage'),
      region: text('region'),
      issuer: values['issuer'] === true,
      splitProvider: text('split-provider'),
      operatorIsSeller: values['operator-is-seller'] === true,
    })
  } catch (error) {
    if (error instanceof RefusedSettings) throw new Usage(error.message)
    throw error
  }
}
