import { createHash } from 'node:crypto'
import type { Account } from './accounts.ts'

const style = `
:root{color-scheme:light;--ink:#1d2b22;--soft:#5b6b61;--line:#dfe6e0;--paper:#fff;--ground:#f3f6f2;--green:#1b6b43;--green-dark:#124d30;--amber:#8a4b00;--amber-ground:#fff3dc;--red:#a3231b}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
.notice{background:var(--amber-ground);color:var(--amber);text-align:center;padding:8px 16px;font-size:14px;font-weight:600}
main{max-width:560px;margin:0 auto;padding:24px 16px 40px}
.brand{display:flex;align-items:baseline;gap:8px;color:var(--green);font-weight:700;font-size:18px;margin:0 0 4px}
.brand span{font-size:13px;font-weight:500;color:var(--soft)}
h1{font-size:26px;line-height:1.3;margin:0 0 4px}
.lead{margin:0 0 20px;color:var(--soft);font-size:15px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:8px;margin:0 0 16px;box-shadow:0 1px 2px rgba(20,50,30,.05)}
.people{list-style:none;margin:0;padding:0}
.people li+li{border-top:1px solid var(--line)}
.person{display:grid;grid-template-columns:44px 1fr auto;gap:12px;align-items:center;width:100%;min-height:64px;padding:8px;border:0;border-radius:10px;background:none;font:inherit;color:inherit;text-align:left;cursor:pointer}
.person:hover{background:#eef5f0}
.mark{display:grid;place-items:center;width:44px;height:44px;border-radius:50%;background:#e1efe6;color:var(--green-dark);font-weight:700;font-size:18px}
.name{display:block;font-weight:650;line-height:1.35}
.note{display:block;color:var(--soft);font-size:14px;line-height:1.4}
.sub{color:var(--soft);font:13px/1.2 ui-monospace,"SFMono-Regular",Consolas,monospace;white-space:nowrap}
h2{font-size:17px;margin:8px 0 2px}
.other{padding:4px 8px 12px}
.other p{margin:0 0 10px;color:var(--soft);font-size:14px}
.row{display:flex;gap:8px;flex-wrap:wrap}
input{flex:1 1 160px;min-width:0;min-height:48px;padding:0 12px;border:1px solid #9aa89f;border-radius:10px;font:inherit;background:#fff;color:inherit}
.go{flex:0 0 auto;min-height:48px;padding:0 20px;border:0;border-radius:10px;background:var(--green);color:#fff;font:inherit;font-weight:650;cursor:pointer;text-decoration:none;display:inline-grid;place-items:center}
.go:hover{background:var(--green-dark)}
.go.plain{background:#fff;color:var(--green-dark);border:1px solid #9aa89f}
.person:focus-visible,input:focus-visible,.go:focus-visible{outline:3px solid #1c6fd1;outline-offset:2px}
.other .error{color:var(--red);font-weight:600}
input[aria-invalid]{border-color:var(--red)}
.padded{padding:20px 16px}
.padded p{margin:0 0 16px}
.padded p:last-child{margin:0}
h1+.card{margin-top:12px}
footer{color:var(--soft);font-size:13px;text-align:center;line-height:1.7}
@media (max-width:420px){.sub{display:none}h1{font-size:23px}.go{flex:1 1 auto}}
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Escapes text for HTML content and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** Browsers apply `form-action` to the whole chain of redirects after a form: the client's own pages have to be named. */
function formTargets(redirectUri: string | undefined): string {
  const target = redirectUri === undefined ? null : URL.parse(redirectUri)
  if (!target || !/^https?:$/.test(target.protocol)) return "'self'"
  const loopback = ['127.0.0.1', 'localhost'].includes(target.hostname)
  return `'self' ${loopback ? `http://${target.hostname}:*` : target.origin}`
}

/** The response headers of every page: nothing runs, nothing is loaded, nothing may frame it. */
export function pageHeaders(redirectUri?: string): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formTargets(redirectUri)}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${style}</style></head>
<body><div class="notice" role="note">演示登录 · 仅供本机试用 <span lang="en">· demo sign-in, this machine only</span></div>
<main><p class="brand">乡来 <span lang="en">Xianglai</span></p>
${body}
<footer>这里没有密码，人物均为虚构。<br><span lang="en">No passwords; everyone here is made up.</span></footer></main></body></html>`
}

function personButton(account: Account): string {
  const [sub, name, note] = [account.sub, account.name, account.note].map(escapeHtml)
  const mark = escapeHtml([...account.name][0] ?? '人')
  return `<li><button class="person" name="account" value="${sub}"><span class="mark" aria-hidden="true">${mark}</span><span><span class="name">${name}</span><span class="note">${note}</span></span><span class="sub">${sub}</span></button></li>`
}

/** The account chooser: one button a person, and a field for any other synthetic account. */
export function chooserPage(view: {
  accounts: readonly Account[]
  action: string
  entered?: string | undefined
  error?: string | undefined
}): string {
  const action = escapeHtml(view.action)
  const error = view.error ? `<p class="error" id="account-error" role="alert">${escapeHtml(view.error)}</p>` : ''
  const invalid = view.error
    ? ' aria-invalid="true" aria-describedby="account-error account-hint"'
    : ' aria-describedby="account-hint"'
  return page(
    '演示登录 · 乡来',
    `<h1>选择一个身份登录</h1>
<p class="lead">点一下即可进入 <span lang="en">· choose who you are</span></p>
<form class="card" method="post" action="${action}"><ul class="people">${view.accounts.map(personButton).join('')}</ul></form>
<form class="card" method="post" action="${action}"><div class="other"><h2><label for="account">其他演示账号</label></h2>
<p id="account-hint">resident-、demo-、coop- 或 worker- 加编号，例如 resident-128</p>${error}
<div class="row"><input id="account" name="account" required maxlength="20" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="resident-128" value="${escapeHtml(view.entered ?? '')}"${invalid}><button class="go">登录</button></div></div></form>`,
  )
}

/** Asked when the sign-out request does not prove who wants to sign out. `form` is the provider's own, with its secret. */
export function signOutPage(form: string, stayUrl: string): string {
  const name = /id="([^"]+)"/.exec(form)?.[1] ?? ''
  return page(
    '退出登录 · 乡来',
    `<h1>退出登录？</h1><div class="card padded">${form}<p>退出后，可以换一个身份再登录。</p><div class="row"><button class="go" form="${escapeHtml(name)}" name="logout" value="yes">退出登录</button><a class="go plain" href="${escapeHtml(stayUrl)}">保持登录</a></div></div>`,
  )
}

/** A plain message: signed out, or what went wrong. */
export function messagePage(heading: string, text: string): string {
  return page(
    `${heading} · 乡来`,
    `<h1>${escapeHtml(heading)}</h1><div class="card padded"><p>${escapeHtml(text)}</p></div>`,
  )
}
