import type { Lang } from '../text/lang.ts'

// Asia/Shanghai is UTC+8 the year round; see shared/kernel/time.ts.
const offsetMs = 8 * 60 * 60 * 1000
const weekdays: Readonly<Record<Lang, readonly string[]>> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

type Parts = { year: number; month: number; day: number; weekday: number; clock: string; date: string }

function shanghai(ms: number): Parts {
  const local = new Date(ms + offsetMs)
  const text = local.toISOString()
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    clock: text.slice(11, 16),
    date: text.slice(0, 10),
  }
}

/** The Shanghai day of a moment, `2026-11-23`. */
export function dayOf(at: string | number): string {
  return shanghai(typeof at === 'number' ? at : Date.parse(at)).date
}

/** A day as people say it: `11月23日 周一`, `Mon 23 Nov`. */
export function dayText(day: string, lang: Lang): string {
  const { month, day: date, weekday } = shanghai(Date.parse(`${day}T00:00:00.000Z`) - offsetMs)
  const name = weekdays[lang][weekday] ?? ''
  return lang === 'zh' ? `${month}月${date}日 ${name}` : `${name} ${date} ${months[month - 1] ?? ''}`
}

/** A moment in Shanghai: `今天 20:00`, `明天 08:00`, `11月25日 周三 20:00`. `now` decides what today is. */
export function momentText(at: string, now: number, lang: Lang): string {
  const parts = shanghai(Date.parse(at))
  return `${relativeDay(parts.date, now, lang)} ${parts.clock}`
}

function relativeDay(day: string, now: number, lang: Lang): string {
  const days = Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${dayOf(now)}T00:00:00Z`)) / 86_400_000)
  const near: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
    zh: { '-1': '昨天', '0': '今天', '1': '明天', '2': '后天' },
    en: { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' },
  }
  return near[lang][String(days)] ?? dayText(day, lang)
}

/** Until when, as people say it: a term that ends with a day is over at 24:00, which no clock shows. */
export function untilText(until: string, now: number, lang: Lang): string {
  if (shanghai(Date.parse(until)).clock !== '00:00') return momentText(until, now, lang)
  return relativeDay(dayOf(Date.parse(until) - 1), now, lang)
}

/** A span within one day is said once: `明天 09:00–18:00`. */
export function spanText(from: string, to: string, now: number, lang: Lang): string {
  const end = shanghai(Date.parse(to))
  const start = momentText(from, now, lang)
  if (dayOf(from) === end.date) return `${start}–${end.clock}`
  return `${start} ${lang === 'zh' ? '至' : 'to'} ${momentText(to, now, lang)}`
}

/** How long is left until a moment: `还剩 3 天`, `还剩 5 小时 20 分`, `还剩 12 分`; undefined when it is over. */
export function leftText(until: string, now: number, lang: Lang): string | undefined {
  const minutes = Math.ceil((Date.parse(until) - now) / 60_000)
  if (minutes <= 0) return undefined
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (lang === 'zh') {
    if (days > 0) return `还剩 ${days} 天${hours > 0 ? ` ${hours} 小时` : ''}`
    return hours > 0 ? `还剩 ${hours} 小时${rest > 0 ? ` ${rest} 分` : ''}` : `还剩 ${rest} 分钟`
  }
  if (days > 0) return `${days} d ${hours} h left`
  return hours > 0 ? `${hours} h ${rest} min left` : `${rest} min left`
}

/** `2026-11-23T20:00`, the value of a datetime-local input, in Shanghai time. */
export function toLocalInput(at: string): string {
  return new Date(Date.parse(at) + offsetMs).toISOString().slice(0, 16)
}

/** What a datetime-local input holds, read as Shanghai time; undefined when it is not a moment. */
export function fromLocalInput(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined
  const ms = Date.parse(`${text}:00.000Z`)
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text)) return undefined
  return new Date(ms - offsetMs).toISOString()
}

/** A day for paper: `2026年11月23日 周一`, `Mon 23 Nov 2026`. */
export function paperDay(day: string, lang: Lang): string {
  const text = dayText(day, lang)
  return lang === 'zh' ? `${day.slice(0, 4)}年${text}` : `${text} ${day.slice(0, 4)}`
}

/** A moment for paper, which is read on another day: `2026年11月25日 周三 20:00`, `Wed 25 Nov 2026 20:00`. */
export function paperText(at: string, lang: Lang): string {
  const { year, date, clock } = shanghai(Date.parse(at))
  const day = dayText(date, lang)
  return lang === 'zh' ? `${year}年${day} ${clock}` : `${day} ${year} ${clock}`
}

/** A span for paper; within one day it is said once: `2026年12月1日 周二 16:00–19:00`. */
export function paperSpan(from: string, to: string, lang: Lang): string {
  const end = shanghai(Date.parse(to))
  return `${paperText(from, lang)}–${dayOf(from) === end.date ? end.clock : paperText(to, lang)}`
}

/** The clock of a moment in Shanghai, where the day is known: `20:00`. */
export function clockText(at: string): string {
  return shanghai(Date.parse(at)).clock
}

/** A day so many days later. */
export function plusDaysOf(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Shanghai days from a moment's to today. */
export function daysBetween(at: string, now: number): number {
  return Math.round((Date.parse(`${dayOf(now)}T00:00:00Z`) - Date.parse(`${dayOf(at)}T00:00:00Z`)) / 86_400_000)
}
