import type { MatterFigures, RatingSums } from '#shared/contracts/matters.ts'

/** How many gave four or five of five. */
export function contentOf({ scores }: RatingSums): number {
  return (scores[3] ?? 0) + (scores[4] ?? 0)
}

export type FiguresSum = Omit<MatterFigures, 'month'>

const none: FiguresSum = {
  ...{ raised: 0, solved: 0, unsolved: 0, declined: 0, proposed: 0, tookDays: 0, overdue: 0, reopened: 0, hotline: 0 },
  ratings: { count: 0, answered: 0, solved: 0, scores: [0, 0, 0, 0, 0] },
}

/** Months together. */
export function sumOf(months: readonly MatterFigures[]): FiguresSum {
  return months.reduce<FiguresSum>(
    (sum, month) => ({
      raised: sum.raised + month.raised,
      solved: sum.solved + month.solved,
      unsolved: sum.unsolved + month.unsolved,
      declined: sum.declined + month.declined,
      proposed: sum.proposed + month.proposed,
      tookDays: sum.tookDays + month.tookDays,
      overdue: sum.overdue + month.overdue,
      reopened: sum.reopened + month.reopened,
      hotline: sum.hotline + month.hotline,
      ratings: {
        count: sum.ratings.count + month.ratings.count,
        answered: sum.ratings.answered + month.ratings.answered,
        solved: sum.ratings.solved + month.ratings.solved,
        scores: sum.ratings.scores.map((own, at) => own + (month.ratings.scores[at] ?? 0)),
      },
    }),
    none,
  )
}

/** Working days on average of what ended, solved or not, with one decimal; undefined when nothing did. */
export function averageDays({ tookDays, solved, unsolved }: FiguresSum): string | undefined {
  const ended = solved + unsolved
  return ended === 0 ? undefined : (tookDays / ended).toFixed(1).replace(/\.0$/, '')
}

/** The twelve months up to one, of a list with the newest first. */
export function lastYear(items: readonly MatterFigures[], thisMonth: string): MatterFigures[] {
  const [year = 0, month = 1] = thisMonth.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 12, 1)).toISOString().slice(0, 7)
  return items.filter((each) => each.month >= first && each.month <= thisMonth)
}
