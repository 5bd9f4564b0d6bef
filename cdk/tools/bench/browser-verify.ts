import { chromium } from 'playwright-core'
import { findBrowser } from '../browser.ts'
import { say } from '../result.ts'
import { round } from './load.ts'

const PATIENCE_MS = 300_000

/**
 * How fast the fund's own page checks a ledger, as anybody sees it: from the press of the button to the verdict, reading the
 * entries from the system included. The page's verdict has to be good.
 */
export async function browserVerifyRate(fundPage: string, entries: number) {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.goto(fundPage)
    await page.waitForLoadState('networkidle')
    const startedMs = performance.now()
    await page.locator('#verify button').first().click()
    const verdict = page.locator('#verify .notice')
    await verdict.waitFor()
    const took = (performance.now() - startedMs) / 1_000
    const said = await verdict.innerText()
    if (!said.includes('核对无误')) throw new Error(`the page said: ${said.slice(0, 200)}`)
    say(`bench: ${entries} entries checked in the browser in ${round(took)} s`)
    return { entries, seconds: round(took), entriesPerS: Math.round(entries / took) }
  } finally {
    await browser.close()
  }
}
