/**
 * `<details {...opened(true)}>`: rendered open. Otherwise nothing is said, so that a fold that somebody opened before the
 * page's script ran stays as they left it; `open={undefined}` and `open={false}` would close it under their finger.
 */
export const opened = (isOpen: boolean): { open?: true } => (isOpen ? { open: true } : {})
