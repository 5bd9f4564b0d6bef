export type ConfirmDialogProps = {
  open: boolean
  ask: string
  detail: string
  yes: string
  tone: string
  onyes: () => void
  onclosed: () => void
}
