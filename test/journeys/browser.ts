import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findBrowser } from '../../cdk/tools/browser.ts'

/** A phone of 360 × 740 points, as most residents hold it. */
export const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, locale: 'zh-CN' }

/** A computer in an office, or at home. */
export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'zh-CN' }

/**
 * Each window of another person opens the suggestions below Chromium's own address bar too: two hidden pages that take five
 * times the work of the window, and that no journey looks at.
 */
const BROWSERS_OWN_PAGES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup']

/** What Playwright turns off by itself: of two lists Chromium takes the second one only. */
const OFF_IN_PLAYWRIGHT = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...[
    'HttpsFirstBalancedModeAutoEnable',
    'LensOverlay',
    'MediaRouter',
    'PaintHolding',
    'ThirdPartyStoragePartitioning',
  ],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'TcpPortRandomizationWin', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      ...['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'],
      `--disable-features=${[...OFF_IN_PLAYWRIGHT, ...BROWSERS_OWN_PAGES].join(',')}`,
    ],
  })
}

/** A page of its own person: cookies are not shared. What the console reports as broken is kept in `complaints`. */
export async function openPage(browser: Browser, options: BrowserContextOptions, complaints: string[]): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|svelte\.dev\/e\//.test(message.text())) {
      complaints.push(`${page.url()}: ${message.text()}`)
    }
  })
  return page
}

/** Signs a person in and goes on to where they wanted to be. */
export async function signIn(
  { url }: { readonly url: string },
  page: Page,
  account: string,
  path: string,
): Promise<void> {
  await page.goto(`${url}/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.locator('#account').fill(account)
  await page.locator('button.go').click()
  await page.waitForURL((now) => now.origin === url)
}

/** Residents do what matters in so many taps; typing is none. */
export const TAPS_MAX = 3

/** Counts from here on how often a person taps, on whatever page this leads to. */
export async function countTaps(page: Page): Promise<() => number> {
  let taps = 0
  const name = `tapped${Math.random().toString(36).slice(2)}`
  await page.exposeFunction(name, () => void (taps += 1))
  const listen = `addEventListener('pointerdown', () => void window['${name}'](), true)`
  await page.addInitScript(listen)
  await page.evaluate(listen)
  return () => taps
}

/** How many points the page is wider than its window; a phone's reader does not move it sideways. */
export function tooWide(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

/** Colours that are still on their way are nobody's contrast; what does not come to rest is looked at as it is. */
const AT_REST = `Promise.race([
  Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
  new Promise((resolve) => setTimeout(resolve, 1_000)),
])`

/** What axe finds on the page, one line each. The script comes in through the debugger, since the page's policy refuses it. */
export async function axeViolations(page: Page): Promise<string[]> {
  const found = await axeOnce(page)
  if (found.length === 0) return found
  // A button that was just let go, or taken up, changes its colour while it is looked at: what is wrong is wrong at rest too.
  await page.waitForTimeout(500)
  return axeOnce(page)
}

async function axeOnce(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axeSource })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `${AT_REST}.then(() => axe.run(document, { resultTypes: ['violations'] })).then((found) => JSON.stringify(found.violations))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const violations = JSON.parse(String(result.value)) as readonly Violation[]
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

/** Nothing that axe finds, and nothing wider than its window. */
export async function sound(page: Page): Promise<void> {
  expect(await axeViolations(page)).toEqual([])
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
}

let pictures = 0
const numbered = (name: string) => `${process.env['LOOK']}/${String(++pictures).padStart(2, '0')}-${name}`

/** `LOOK` names a folder for pictures of each step, for the eye. */
export async function look(page: Page, name: string): Promise<void> {
  if (process.env['LOOK'] !== undefined) await page.screenshot({ path: `${numbered(name)}.png`, fullPage: true })
}

/** The same, and once more with letters of twice the size. */
export async function lookTwice(page: Page, name: string): Promise<void> {
  if (process.env['LOOK'] === undefined) return
  const path = numbered(name)
  await page.screenshot({ path: `${path}.png`, fullPage: true })
  await page.evaluate("document.documentElement.style.fontSize = '200%'")
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  await page.screenshot({ path: `${path}-200.png`, fullPage: true })
  await page.evaluate("document.documentElement.style.fontSize = ''")
}
