import type { RequestEvent } from '@sveltejs/kit'

/** Whose claim a form is about, what it is called on the page, and what was written about it. */
export async function readMember(event: RequestEvent) {
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return {
    params: { householdId: text('householdId'), memberId: text('memberId') },
    label: text('label').slice(0, 60),
    reason: text('reason'),
  }
}
