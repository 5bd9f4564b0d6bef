import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DELIVERIES_KEPT_DAYS } from '#shared/contracts/hooks.ts'
import { aidDays } from '#shared/domain/aid/rules.ts'
import { days } from '#shared/domain/governance/rules.ts'
import { photosUntil } from '#shared/domain/governance/photos.ts'
import { KEPT_AFTER_PICK_UP_MS } from '#shared/domain/orders/offline-counter.ts'
import { HOUR_MS } from '#shared/kernel/time.ts'
import { MATTER_PHOTO_DAYS } from '#functions/matters/matter-photos.ts'
import { CLAIM_PHOTO_DAYS } from '#functions/platform/table/keep-photos.ts'
import { SESSION_SECONDS } from '#web/lib/server/sessions.ts'
import { retentionRows } from '#web/lib/text/retention.ts'

/** What people are told of how long things are kept is what the system does. */
const source = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const told = (what: string) => {
  const row = retentionRows.find((each) => each.what[0].includes(what))
  if (row === undefined) throw new Error(`nothing is told of ${what}`)
  return row.howLong
}

describe('what is told of how long things are kept', () => {
  it.each([
    ['登录状态', SESSION_SECONDS / 86_400, '天', 'days'],
    ['售后申请的照片', CLAIM_PHOTO_DAYS, '天', 'days'],
    ['诉求的照片', MATTER_PHOTO_DAYS, '天', 'days'],
    ['业主表决清单', days.ownersRows, '天', 'days'],
    ['通知记录', DELIVERIES_KEPT_DAYS, '天', 'days'],
    ['困难帮扶申请写的内容', aidDays.undecided, '天', 'days'],
    ['困难帮扶申请写的内容', aidDays.refused, '天', 'days'],
    ['困难帮扶申请写的内容', aidDays.approved, '天', 'days'],
    ['困难帮扶谁看过', aidDays.record, '天', 'days'],
    ['离线名单', KEPT_AFTER_PICK_UP_MS / HOUR_MS, '小时', 'hours'],
  ])('%s: %d', (what, count, zh, en) => {
    const [chinese, english] = told(what)
    expect(chinese).toContain(`${count} ${zh}`)
    expect(english).toContain(`${count} ${en}`)
  })

  it('is what cookies, photos that were not sent, and logs really have', () => {
    expect(source('web/src/lib/server/cookies.ts')).toMatch(
      /WEEK_SECONDS = 7 \* 24 \* 3600[^]*YEAR_SECONDS = 365 \* 24/,
    )
    expect(told('菜篮')[0]).toContain('7 天')
    expect(told('选的小区')[0]).toContain('365 天')
    expect(source('functions/photos/put-photo.ts')).toContain('plusMs(now, DAY_MS)')
    expect(told('售后申请的照片')[0]).toContain('没提交的 1 天')
    expect(photosUntil('2026-11-28T00:00:00.000Z')).toBe('2036-11-28T00:00:00.000Z')
    expect(told('项目的票据和完工照片')[0]).toContain('10 年')
    expect(source('cdk/platform/function.ts')).toContain('RetentionDays.SIX_MONTHS')
    expect(told('运行日志')[0]).toContain('6 个月')
  })

  it('says “automatic” of nothing that the system does not delete by itself', () => {
    const automatic = retentionRows.filter(({ howLong }) => howLong[0].includes('自动')).map(({ what }) => what[0])
    expect(automatic).toEqual([
      '登录状态',
      '菜篮（浏览器里）',
      '选的小区、语言（浏览器里）',
      '售后申请的照片',
      '诉求的照片',
      '项目的票据和完工照片',
      '业主表决清单（房号、面积、业主编号、意见）',
      '取货点手机上的离线名单（房号、取货码）',
      '发给其他系统的通知记录（成交编号，没有住户信息）',
      '付款前问核验系统的记录（项目、金额、回答、谁要付款）',
      '运行日志（不含姓名、电话、房号）',
      '困难帮扶申请写的内容',
      '困难帮扶谁看过、谁办的',
    ])
  })
})
