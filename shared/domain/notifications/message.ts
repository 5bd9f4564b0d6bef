import type { NoticeView } from '../../contracts/notifications.ts'
import { yuan } from '../../kernel/money.ts'
import { type Instant, shanghaiClock } from '../../kernel/time.ts'

export type MessageText = { readonly subject: string; readonly text: string }
type Told = Pick<
  NoticeView,
  | 'kind'
  | 'orderId'
  | 'amountFen'
  | 'dueFen'
  | 'inCash'
  | 'closesAt'
  | 'pickUpStartsAt'
  | 'pickUpEndsAt'
  | 'proposalNews'
>

/**
 * What a notice says outside the app: what happened, how much money, when. Neither titles nor goods nor rooms nor codes: it
 * lies in other people's systems, and shows on locked screens.
 */
export function messageOf(notice: Told, links: { readonly notice: string; readonly settings: string }): MessageText {
  const { head, body } = sentencesOf(notice)
  const text = `${body}\n\n查看：${links.notice}\n\n这是您在乡来打开的提醒。关闭或修改：${links.settings}\n`
  return { subject: `乡来：${head}`, text }
}

type Sentences = { readonly head: string; readonly body: string }

function sentencesOf(notice: Told): Sentences {
  const { kind, orderId, amountFen = 0, inCash, closesAt, pickUpStartsAt, pickUpEndsAt } = notice
  const money = `¥${yuan(amountFen)}`
  const back = inCash === true ? `${money} 请到社区服务点领现金` : `${money} 原路退回给您`
  switch (kind) {
    case 'arrived':
      return { head: '菜到了', body: `您家订的菜到了，可以取了${until(pickUpEndsAt)}。` }
    case 'refunded':
      return { head: `退款 ${money}`, body: `${back}。` }
    case 'handed-back':
      return { head: `已退现金 ${money}`, body: `社区服务点已把 ${money} 现金退给您家。没有收到，请问社区工作人员。` }
    case 'refund-failed':
      return {
        head: '退款原路退不回去',
        body: `有 ${money} 原路退不回去，请凭取货码到社区服务点领现金。`,
      }
    case 'group-buy-confirmed':
      return { head: '成团了', body: `您家参加的团购成团了${from(pickUpStartsAt)}。` }
    case 'group-buy-failed':
      return { head: '没有成团，全部退款', body: `您家参加的团购没有成团，${back}。` }
    case 'claim-decided':
      return amountFen > 0
        ? { head: '售后处理好了', body: `您家申请的售后处理好了，${back}。` }
        : { head: '售后处理好了', body: '您家申请的售后处理好了，没有同意，原因请打开查看。' }
    case 'closing-soon': {
      const when = closesAt === undefined ? '快截止了' : `${clock(closesAt)} 截止`
      return orderId === undefined
        ? { head: '团购快截止了', body: `您要提醒的团购${when}。` }
        : { head: '还有一单没付款', body: `您有一单还没付款，团购${when}。` }
    }
    case 'pick-up-ends-soon':
      return { head: '菜还没取', body: `您家订的菜还没取${until(pickUpEndsAt)}。` }
    case 'statement-made':
      return statementSentences(notice.dueFen ?? 0)
    case 'matter-moved':
      return { head: '您反映的事有进展', body: '您在“有事来聊”里反映的事有了进展，请打开查看。' }
    case 'proposal-moved':
      return { head: '您的提案或异议有进展', body: '您提的提案或异议有了进展，请打开查看。' }
    case 'proposal-waits':
      return { head: '有一件提案等您办', body: '小区慈善基金有一件提案等管委会成员表决或签字，请打开查看期限。' }
    case 'proposal-vote':
      return notice.proposalNews === 'home-vote'
        ? { head: '小区有一件提案请您家表决', body: '小区慈善基金有一件提案请每户表决，一户一票，请打开查看截止时间。' }
        : { head: '小区的表决有结果了', body: '请各户表决的一件提案有结果了，请打开查看。' }
    case 'hook-off':
      return {
        head: '一个系统对接停了',
        body: '您设置的一个系统对接停了：对方不再接收，或者三天都没有送到。请打开查看，修好后可以补发。',
      }
    case 'matter-waits':
      return { head: '有一件诉求等您办', body: '“有事来聊”里有一件诉求等您的单位办理，请打开查看期限。' }
  }
}

/** The figures may have changed by the time it is read: the statement says what holds. */
function statementSentences(dueFen: number): Sentences {
  const what = dueFen > 0 ? '应付合作社' : '合作社应退回'
  const sum = dueFen === 0 ? '收支相抵' : `${what} ¥${yuan(Math.abs(dueFen))}`
  const next = dueFen > 0 ? '请核对、确认，区里再转账' : '请核对；到期没有异议，就算确认'
  const body = `合作社有一张新结算单，${sum}${dueFen === 0 ? '，不用转账' : ''}。${next}。金额以结算单为准。`
  return { head: `新结算单，${sum}`, body }
}

const until = (at: Instant | undefined) => (at === undefined ? '' : `，请在 ${clock(at)} 前去取`)
const from = (at: Instant | undefined) => (at === undefined ? '' : `，${clock(at)} 起取货`)

function clock(at: Instant): string {
  const { day, time } = shanghaiClock(at)
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日 ${time}`
}

/** Whether there is still a point in telling it: what ends soon has ended some time. */
export function isStale({ kind, closesAt, pickUpEndsAt }: Told, now: Instant): boolean {
  if (kind === 'closing-soon') return closesAt !== undefined && closesAt <= now
  const isOfPickUp = kind === 'pick-up-ends-soon' || kind === 'arrived'
  return isOfPickUp && pickUpEndsAt !== undefined && pickUpEndsAt <= now
}

export const codeMessage = (code: string, link: string, minutes: number): MessageText => ({
  subject: '乡来：确认您的邮箱',
  text: `验证码 ${code}，${minutes} 分钟内有效。\n\n在乡来的“提醒设置”里填上它，或者打开：${link}\n\n如果不是您本人操作，不用理会，我们不会再给这个邮箱发信。\n`,
})
