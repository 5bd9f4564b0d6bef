import { describe, expect, it } from 'vitest'
import { routesByContext } from '#shared/contracts/index.ts'
import { problemSentences } from '#web/lib/text/problems.ts'

/** Refusals that no page can meet: they answer programs, or administrators who work without pages so far. */
const NOT_ON_PAGES = new Set(['BAD_SIGNATURE', 'GOES_BACK_BY_ITSELF'])

describe('the sentence for a refusal', () => {
  const codes = Object.values(routesByContext).flatMap((routes) =>
    routes.flatMap((route) => Object.keys('refusals' in route ? (route.refusals ?? {}) : {})),
  )
  it('knows refusals', () => expect(codes.length).toBeGreaterThan(20))
  it.each([...new Set(codes)].filter((code) => !NOT_ON_PAGES.has(code)))('is there for %s', (code) => {
    expect(Object.keys(problemSentences)).toContain(code)
  })
})
