import type { Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'

/**
 * The official SDK brings a class for each of Stripe's 150 products; minified they are a third of a function. Those that
 * `functions/platform/payments` never asks for are replaced by an object that says so by name when it is used, so a
 * forgotten one cannot fail quietly. Nothing that signs, sends, retries or verifies is touched.
 */
const KEPT = /\/resources\/(Checkout\/(index|Sessions)|Refunds|PaymentIntents|Transfers)\.js$/
const RESOURCE_FILE = /\/node_modules\/stripe\/esm\/(resources\/.+|StripeEventNotificationHandler)\.js$/
const EXPORTED_CLASS = /^export class (\w+)/gm
const ANY_EXPORT = /^export /gm

export const slimStripe: Plugin = {
  name: 'slim-stripe',
  setup(build) {
    build.onLoad({ filter: RESOURCE_FILE }, async ({ path }) => {
      if (KEPT.test(path)) return undefined
      const source = await readFile(path, 'utf8')
      const classes = [...source.matchAll(EXPORTED_CLASS)].map((match) => match[1] ?? '')
      // Anything but classes in a file: it is left as it is.
      if (classes.length === 0 || classes.length !== source.match(ANY_EXPORT)?.length) return undefined
      return { contents: classes.map(absentClass).join('\n'), loader: 'js' }
    })
  },
}

function absentClass(name: string): string {
  const message = JSON.stringify(`stripe's ${name} is not in this bundle: see cdk/tools/slim-stripe.ts`)
  return `export class ${name}{constructor(){return new Proxy({},{get(){throw new Error(${message})}})}}`
}
