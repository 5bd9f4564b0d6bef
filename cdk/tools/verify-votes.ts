import { stat } from 'node:fs/promises'
import { commitmentText, type Electorate } from '#shared/contracts/governance.ts'
import { RECEIPT_HEX } from '#shared/contracts/governance-votes.ts'
import { recountVotes, type Recount, type RecountedElectorate } from '#shared/domain/governance/recount.ts'
import { linesOf, sha256 } from './ledger-file.ts'
import { callerPath, say, Usage } from './result.ts'

const names: Readonly<Record<Electorate, string>> = { committee: '管委会', households: '住户' }

/**
 * `npm run verify -- --votes votes.jsonl [--receipt 凭证]`: counts a vote again from what everybody can download, without a server.
 * Of a receipt it says whether its vote was counted and where, and not how it was cast: others may be looking on.
 */
export async function verifyVotes(file: string, typedReceipt: string | undefined) {
  const path = callerPath(file)
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) throw new Usage(`找不到文件：${path}`)
  const receipt = typedReceipt === undefined ? undefined : readReceipt(typedReceipt)
  const lines: string[] = []
  for await (const each of linesOf(path)) lines.push(each)
  const recount = recountVotes(lines)
  tell(path, recount)
  const found = receipt === undefined ? undefined : recount.commitments.get(sha256(commitmentText(receipt)))
  if (receipt !== undefined) tellReceipt(found)
  const ok = recount.ok && (receipt === undefined || found !== undefined)
  say(ok ? '全部核对无误。' : '核对失败。')
  return {
    ok,
    ...(recount.head === undefined ? {} : { proposalId: recount.head.proposalId, decided: recount.decided }),
    electorates: recount.electorates.map(summary),
    problemCount: recount.problems.length,
    problems: recount.problems.slice(0, 10),
    ...(receipt === undefined ? {} : { receiptCounted: found ?? false }),
  }
}

/** As it is written on paper: in groups, in capitals. */
function readReceipt(typed: string): string {
  const receipt = typed.replaceAll(/[\s-]/g, '').toLowerCase()
  if (!RECEIPT_HEX.test(receipt)) throw new Usage('--receipt 不是选票凭证：应是 32 位的数字和字母 a-f')
  return receipt
}

function tell(path: string, { head, electorates, problems, decided }: Recount): void {
  say(head === undefined ? `✗ ${path}` : `${path}：提案 ${head.proposalId}，${head.closesAt} 截止`)
  for (const each of electorates) say(line(each))
  if (head?.voided !== undefined) say(`  有 ${head.voided} 张住户票在计票前作废（投票人已不是核实住户），不在文件里`)
  if (head?.paper !== undefined)
    say(`  住户的票里有 ${head.paper.ballots} 张来自纸质票；另有 ${head.paper.unpaired} 张纸质票没有两人录成一样，不计`)
  if (head !== undefined) say(decided ? '  结论：通过' : '  结论：未通过')
  for (const { line: at, what } of problems) say(`✗ 第 ${at} 行：${what}`)
}

function line({ rule, ballots, electors, quorum, yesNeeded, counted, isSame }: RecountedElectorate): string {
  const { yes, no, abstain, passed } = counted ?? { yes: '?', no: '?', abstain: '?', passed: undefined }
  const said = passed === undefined ? '票比有权的人多' : passed ? '通过' : '未通过'
  return [
    `${isSame ? '✓' : '✗'} ${names[rule.electorate]}：有权 ${electors}，收到 ${ballots} 张`,
    `同意 ${yes}、反对 ${no}、弃权 ${abstain}`,
    ...(rule.quorumBps > 0 ? [`至少要 ${quorum} 张（${quorum <= ballots ? '够' : '不够'}）`] : []),
    ...(electors < rule.electorsMin ? [`有权的至少要 ${rule.electorsMin}（不够）`] : []),
    `同意要 ${yesNeeded} 张以上（含）`,
    `${said}，和公布的${isSame ? '一样' : '不一样'}`,
  ].join('；')
}

function summary({ rule, counted, ballots, electors, quorum, yesNeeded, isSame }: RecountedElectorate) {
  const { yes, no, abstain, passed } = counted ?? {}
  return { electorate: rule.electorate, ballots, electors, yes, no, abstain, quorum, yesNeeded, passed, same: isSame }
}

function tellReceipt(found: Electorate | undefined): void {
  say(
    found === undefined
      ? '✗ 这张凭证的票不在计票里：请核对有没有抄错；改投过的以最后一次的凭证为准；回避或作废的票不计'
      : `✓ 这张凭证的票计入了${names[found]}一方`,
  )
}
