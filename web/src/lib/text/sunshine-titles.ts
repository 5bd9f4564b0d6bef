/** Names of pages for those that only link to them: the rest of their words stays away from a rural link. */
export const sunshineTitles = {
  sunshine: ['阳光账本', 'Sunshine accounts'],
  book: ['公共收益账', 'Book of common revenue'],
} as const
