/**
 * A Shanghai day, its week (from Monday), month, quarter or year. By themselves, so that a page that names them does not load
 * the schemas.
 */
export const spans = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Span = (typeof spans)[number]
