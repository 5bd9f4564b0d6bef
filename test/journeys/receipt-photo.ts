import type { Browser } from 'playwright-core'

/** A receipt as somebody photographs it on a table; covered, as they draw over the payee's name and account afterwards. */
export async function receiptPhoto(browser: Browser, isCovered = false) {
  const page = await browser.newPage({ viewport: { width: 900, height: 1200 } })
  const bar = isCovered ? 'background: #111; color: #111' : ''
  await page.setContent(`<body style="margin: 0; background: #7a5c3e; font: 34px/1.7 serif">
    <main style="margin: 90px 70px; padding: 50px; background: #fdfcf5; rotate: -2deg">
      <h1 style="text-align: center; color: #b02a1c; font-size: 54px">收 款 收 据</h1>
      <p>2026 年 11 月 20 日　　No. 0012345</p><p>项目：不锈钢扶手 12 米</p>
      <p>金额：壹仟肆佰元整　¥1,400.00</p><p>收款单位：鑫源五金</p>
      <p>经手人：<span style="${bar}">示例经手人</span></p><p>账号：<span style="${bar}">6222 0000 0000 0000</span></p>
    </main></body>`)
  const buffer = await page.screenshot({ type: 'jpeg', quality: 80 })
  await page.close()
  return { name: isCovered ? '收据-盖住.jpg' : '收据.jpg', mimeType: 'image/jpeg', buffer }
}
