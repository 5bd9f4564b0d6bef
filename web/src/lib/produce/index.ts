const drawings = import.meta.glob<string>('./*.svg', {
  eager: true,
  // Files of their own, kept for good by the browser; inline they would come again with every card of every page.
  query: '?url&no-inline',
  import: 'default',
})

/** Address of our own drawing for a listing's picture key; a key we have no drawing for is a leaf. */
export function produceUrl(picture: string): string {
  return drawings[`./${picture}.svg`] ?? drawings['./leaf.svg'] ?? ''
}

export const produceKeys: readonly string[] = Object.keys(drawings).map((path) => path.slice(2, -4))
