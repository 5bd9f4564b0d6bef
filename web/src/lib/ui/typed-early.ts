/**
 * What somebody typed or ticked before the page's script ran. Components that take over the page write the server's value into
 * each field once more, and on a slow phone that is after the first letters. So the fields are looked at just before, and
 * given back what they held just after.
 */
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement
type Kept = { readonly field: Field; readonly restore: () => boolean }

const isTicked = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')

/** Nobody types into these, and what stands in them is the page's own. */
const untyped = ['hidden', 'file', 'submit', 'button', 'image', 'reset']

function keptOf(field: Field): Kept | undefined {
  if (isTicked(field)) {
    const { checked } = field
    if (checked === field.defaultChecked) return undefined
    return { field, restore: () => field.checked !== checked && ((field.checked = checked), true) }
  }
  if (field instanceof HTMLSelectElement) {
    const { selectedIndex } = field
    const first = [...field.options].findIndex(({ defaultSelected }) => defaultSelected)
    if (selectedIndex === Math.max(first, 0)) return undefined
    return {
      field,
      restore: () => field.selectedIndex !== selectedIndex && ((field.selectedIndex = selectedIndex), true),
    }
  }
  const { value } = field
  if (untyped.includes(field.type) || value === field.defaultValue) return undefined
  return { field, restore: () => field.value !== value && ((field.value = value), true) }
}

/** Looks at every field of the page as it is now; what is returned gives back what was lost since. */
export function keepTyped(page: ParentNode): () => void {
  const kept = [...page.querySelectorAll<Field>('input, textarea, select')].flatMap((field) => keptOf(field) ?? [])
  return () => {
    for (const { field, restore } of kept) {
      if (!field.isConnected || !restore()) continue
      // Whoever listens hears of it as if it were typed now.
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.dispatchEvent(new Event('change', { bubbles: true }))
    }
  }
}
