import { GRID_POSTS_MAX, GRIDS_MAX } from '#shared/contracts/places-grids.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'

/** A worker at a grid, for a term. Whether they still work in the community, their role says. */
export type Post = {
  readonly personId: string
  readonly knownAs: string
  readonly fromAt?: Instant | undefined
  readonly toAt?: Instant | undefined
}

export type Grid = {
  readonly gridId: string
  readonly name: string
  readonly compoundIds: readonly string[]
  readonly posts: readonly Post[]
}

export type GridRefusal =
  'COMPOUND_IN_ANOTHER_GRID' | 'TOO_MANY_GRIDS' | 'UNKNOWN_GRID' | 'UNKNOWN_POST' | 'TOO_MANY_POSTS'

export type GridsDecision =
  | { readonly kind: 'changed'; readonly isNew: boolean; readonly grids: readonly Grid[] }
  | { readonly kind: 'unchanged' }
  | Refused<GridRefusal>

/** A community's grids with this one in them as told. A compound that is in another one has to leave it first. */
export function decideGrid(grids: readonly Grid[], told: Omit<Grid, 'posts'>): GridsDecision {
  const others = grids.filter(({ gridId }) => gridId !== told.gridId)
  const taken = told.compoundIds.find((id) => others.some(({ compoundIds }) => compoundIds.includes(id)))
  if (taken !== undefined) return refused('COMPOUND_IN_ANOTHER_GRID', undefined, { compoundIds: taken })
  const before = grids.find(({ gridId }) => gridId === told.gridId)
  const compoundIds = [...new Set(told.compoundIds)].sort()
  if (before?.name === told.name && before.compoundIds.join() === compoundIds.join()) return { kind: 'unchanged' }
  if (before === undefined && grids.length >= GRIDS_MAX) return refused('TOO_MANY_GRIDS')
  const grid = { gridId: told.gridId, name: told.name, compoundIds, posts: before?.posts ?? [] }
  return { kind: 'changed', isNew: before === undefined, grids: replaced(grids, grid) }
}

/** … with this worker posted there for this term; one that is over ends it, and is kept as long as there is room. */
export function decidePost(grids: readonly Grid[], gridId: string, post: Post, now: Instant): GridsDecision {
  const grid = grids.find((each) => each.gridId === gridId)
  if (grid === undefined) return refused('UNKNOWN_GRID', undefined, { gridId })
  const before = grid.posts.find(({ personId }) => personId === post.personId)
  const isEnd = post.toAt !== undefined && post.toAt <= now
  if (isEnd && before === undefined) return refused('UNKNOWN_POST', undefined, { gridId })
  const told = isEnd ? { ...before, ...post, fromAt: before?.fromAt } : post
  if (before !== undefined && isSame(before, told)) return { kind: 'unchanged' }
  const others = withRoom(
    grid.posts.filter((each) => each !== before),
    now,
  )
  if (others.length >= GRID_POSTS_MAX) return refused('TOO_MANY_POSTS')
  return {
    kind: 'changed',
    isNew: before === undefined,
    grids: replaced(grids, { ...grid, posts: [...others, told] }),
  }
}

/** Who is posted to a grid now: in term, and still a worker of the community. */
export function postsNow({ posts }: Grid, works: (personId: string) => boolean, now: Instant): Post[] {
  return posts.filter(
    ({ personId, fromAt, toAt }) =>
      (fromAt === undefined || fromAt <= now) && (toAt === undefined || now < toAt) && works(personId),
  )
}

function isSame(before: Post, told: Post): boolean {
  return before.knownAs === told.knownAs && before.fromAt === told.fromAt && before.toAt === told.toAt
}

/** What ended longest ago makes room. */
function withRoom(posts: readonly Post[], now: Instant): Post[] {
  if (posts.length < GRID_POSTS_MAX) return [...posts]
  const [oldest] = posts
    .flatMap((post) => (post.toAt !== undefined && post.toAt <= now ? [{ post, toAt: post.toAt }] : []))
    .sort((left, right) => (left.toAt < right.toAt ? -1 : 1))
  return posts.filter((post) => post !== oldest?.post)
}

function replaced(grids: readonly Grid[], grid: Grid): Grid[] {
  return [...grids.filter(({ gridId }) => gridId !== grid.gridId), grid].sort((left, right) =>
    left.gridId < right.gridId ? -1 : 1,
  )
}
