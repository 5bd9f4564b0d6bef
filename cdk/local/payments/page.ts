import { createHash } from 'node:crypto'
import { yuan } from './checkout-sessions.ts'
import type { Line, MethodType, SessionDoc } from './documents.ts'

const style = `
:root{color-scheme:light;--ink:#1b2733;--soft:#586675;--line:#dde4ea;--paper:#fff;--ground:#f2f5f7;--blue:#155e9c;--blue-dark:#0e4573;--amber:#8a4b00;--amber-ground:#fff3dc;--red:#a3231b;--red-ground:#fdecea;--green:#1b6b43;--green-ground:#e6f3ec}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
.notice{background:var(--amber-ground);color:var(--amber);text-align:center;padding:8px 16px;font-size:14px;font-weight:600}
main{max-width:960px;margin:0 auto;padding:20px 16px 40px;display:grid;gap:16px}
main.narrow{max-width:560px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:16px;box-shadow:0 1px 2px rgba(20,40,60,.05)}
.merchant{margin:0;color:var(--soft);font-size:15px}
.merchant b{color:var(--ink)}
.total{font-size:38px;line-height:1.25;font-weight:750;margin:2px 0 10px;font-variant-numeric:tabular-nums}
.lines{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
.lines li{display:grid;grid-template-columns:1fr auto;gap:2px 12px;padding:10px 0;border-bottom:1px solid var(--line)}
.lines .each{color:var(--soft);font-size:14px}
.lines .sum{font-variant-numeric:tabular-nums}
.until{margin:12px 0 0;color:var(--soft);font-size:14px}
h1{font-size:24px;line-height:1.3;margin:0 0 8px}
fieldset{border:0;margin:0 0 16px;padding:0;min-width:0}
legend,h2{font-size:16px;font-weight:650;margin:0 0 8px;padding:0}
.method{display:flex;align-items:center;gap:12px;min-height:52px;padding:8px 12px;border:1px solid #b9c4ce;border-radius:10px;cursor:pointer}
.method+.method{margin-top:8px}
.method:has(input:checked){border-color:var(--blue);box-shadow:inset 0 0 0 1px var(--blue);background:#f3f8fc}
.method input{width:20px;height:20px;margin:0;accent-color:var(--blue)}
.method .tag{margin-left:auto;font-size:13px;color:var(--soft)}
button,.button{display:grid;place-items:center;width:100%;min-height:48px;padding:8px 16px;border-radius:10px;border:1px solid #9fadb9;background:#fff;color:var(--ink);font:inherit;font-weight:600;cursor:pointer;text-decoration:none;text-align:center}
button:hover,.button:hover{background:#f0f4f7}
.main{background:var(--blue);border-color:var(--blue);color:#fff;font-size:18px;min-height:54px}
.main:hover{background:var(--blue-dark)}
.others{display:grid;grid-template-columns:repeat(3,1fr);gap:8px;margin:0 0 4px}
.others button{padding:8px 4px}
.others button small{display:block;font-weight:400;color:var(--soft);font-size:13px;line-height:1.3}
.try{margin:18px 0 8px;padding-top:14px;border-top:1px dashed #b9c4ce}
.back{margin-top:12px;border-color:transparent;color:var(--blue-dark);background:none}
:focus-visible{outline:3px solid #e08a00;outline-offset:2px}
.alert{background:var(--red-ground);color:var(--red);border-radius:10px;padding:10px 14px;font-weight:600;margin:0 0 14px}
.good{background:var(--green-ground);color:var(--green)}
footer{color:var(--soft);font-size:13px;text-align:center;padding:0 16px 32px;line-height:1.7}
@media (min-width:800px){main:not(.narrow){grid-template-columns:1fr 1fr;align-items:start;padding-top:32px}.card{padding:24px}}
`

const styleHash = createHash('sha256').update(style).digest('base64')

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** Browsers apply `form-action` to the whole chain of redirects after a form: the merchant's pages have to be named. */
function formTargets(session: SessionDoc | undefined): string {
  const url = session && URL.parse(session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id))
  if (!url) return "'self'"
  const loopback = ['127.0.0.1', 'localhost'].includes(url.hostname)
  return `'self' ${loopback ? `http://${url.hostname}:*` : url.origin}`
}

/** The response headers of every page: nothing runs, nothing is loaded, nothing may frame it. */
export function pageHeaders(session?: SessionDoc): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formTargets(session)}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

function page(title: string, body: string, narrow: boolean): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><div class="notice" role="note">支付沙盒 · 不是真实付款 <span lang="en">· no real money</span></div>
<main${narrow ? ' class="narrow"' : ''}>${body}</main>
<footer>仅供本机试用，不会扣款。<span lang="en">For trying out on this machine only.</span></footer></body></html>`
}

const methodNames: Record<MethodType, { zh: string; en: string }> = {
  alipay: { zh: '支付宝', en: 'Alipay' },
  wechat_pay: { zh: '微信支付', en: 'WeChat Pay' },
  card: { zh: '银行卡', en: 'Card' },
}

function methodChoice(type: string, checked: boolean): string {
  const names = type === 'alipay' || type === 'wechat_pay' || type === 'card' ? methodNames[type] : { zh: type, en: '' }
  return `<label class="method"><input type="radio" name="method" value="${escapeHtml(type)}"${checked ? ' checked' : ''}><span>${escapeHtml(names.zh)}</span><span class="tag" lang="en">${names.en}</span></label>`
}

function lineRow(line: Line): string {
  return `<li><span>${escapeHtml(line.name)}</span><span class="sum">${yuan(line.unitFen * line.quantity)}</span><span class="each">${yuan(line.unitFen)} × ${line.quantity}</span></li>`
}

/** 11月24日 07:34 of an instant, in Asia/Shanghai. */
function shanghaiTime(seconds: number): string {
  const text = new Date((seconds + 8 * 3600) * 1000).toISOString()
  return `${Number(text.slice(5, 7))}月${Number(text.slice(8, 10))}日 ${text.slice(11, 16)}`
}

export interface PayView {
  merchant: string
  session: SessionDoc
  lines: Line[]
  /** The last attempt was declined. */
  declined: boolean
  /** Something about the form itself. */
  error?: string
}

function summary(view: PayView): string {
  const { session, lines } = view
  return `<section class="card" aria-label="订单"><p class="merchant">付款给 <b>${escapeHtml(view.merchant)}</b></p>
<p class="total">${yuan(session.amount_total)}</p><ul class="lines">${lines.map(lineRow).join('')}</ul>
<p class="until">请在 ${shanghaiTime(session.expires_at)} 前付款 <span lang="en">· pay by this time</span></p></section>`
}

/** The page to pay on. */
export function payPage(view: PayView): string {
  const { session } = view
  const alert = view.error ?? (view.declined ? '付款被拒绝：余额不足。可以换一种方式再试。' : undefined)
  const back =
    session.cancel_url === null ? '' : `<button class="back" name="outcome" value="cancel">← 不付了，返回商家</button>`
  return page(
    `付款 ${yuan(session.amount_total)} · 支付沙盒`,
    `${summary(view)}<form class="card" method="post" action="/pay/${escapeHtml(session.id)}">${alert ? `<p class="alert" role="alert">${escapeHtml(alert)}</p>` : ''}
<fieldset><legend>付款方式</legend>${session.payment_method_types.map((type, index) => methodChoice(type, index === 0)).join('')}</fieldset>
<button class="main" name="outcome" value="paid">付款成功 ${yuan(session.amount_total)}</button>
<h2 class="try">试试其他结果</h2>
<div class="others"><button name="outcome" value="declined">余额不足<small>拒付</small></button><button name="outcome" value="async_paid">稍后到账<small>异步成功</small></button><button name="outcome" value="async_failed">稍后失败<small>异步失败</small></button></div>
${back}</form>`,
    false,
  )
}

/** A page that only says something, with a way back to the merchant. */
export function messagePage(
  heading: string,
  text: string,
  link?: { url: string; label: string },
  good = false,
): string {
  const way = link ? `<a class="button" href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a>` : ''
  return page(
    `${heading} · 支付沙盒`,
    `<section class="card"><h1>${escapeHtml(heading)}</h1><p class="alert${good ? ' good' : ''}">${escapeHtml(text)}</p>${way}</section>`,
    true,
  )
}
