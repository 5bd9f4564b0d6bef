import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { findBrowser } from './browser.ts'
import { root } from './paths.ts'
import { readFlags, runTool, say } from './result.ts'
import { dataDirOf, readRunFile } from './run-file.ts'

/** `node cdk/tools/pictures.ts [--data DIR]`: draws the README's pictures from a running, seeded system, as a phone shows them. */
/** A phone's width, and tall enough to show what one scrolls to. */
const PHONE = { width: 360, height: 1280 }
const folder = join(root, 'test', 'journeys', 'pictures')

async function signIn(page: Page, url: string, account: string, path: string): Promise<void> {
  await page.goto(`${url}/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.locator('#account').fill(account)
  await page.locator('button.go').click()
  await page.waitForURL((at) => at.origin === url)
}

await runTool(async () => {
  const { values } = readFlags({ data: { type: 'string' } }, 0)
  const { url } = readRunFile(dataDirOf(values.data))
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const draw = async (account: string, path: string, name: string) => {
      const page = await (await browser.newContext({ viewport: PHONE, locale: 'zh-CN' })).newPage()
      await signIn(page, url, account, path)
      if (new URL(page.url()).pathname !== path) await page.goto(url + path)
      await page.screenshot({ path: join(folder, `${name}.png`) })
      say(`${name}.png from ${path}`)
    }
    await draw('resident-1', '/shop', 'shop')
    await draw('worker-1', '/staff/funds/c-371502001001-01', 'fund')
  } finally {
    await browser.close()
  }
  return { ok: true, pictures: 2 }
})
