import { OWNER_CODE_LENGTH_MAX, OWNERS_UNITS_MAX, UNIT_LENGTH_MAX } from './owners-limits.ts'

/** The owners' vote as a list: its entry, its figures. */
export const ownersWords = {
  'hint_record-owners': [
    '照表决票把每一套房录成一行，另一位照表决票自己再录一遍，两份一样才算数。',
    'From the ballots, one row for each unit. A second person enters it on their own; it counts only if both are the same.',
  ],
  'hint_confirm-owners': [
    '请照表决票自己录一份，不要用另一位的文件。两份一样才算数。',
    'Enter the list on your own from the ballots, not from the other person’s file. It counts only if both are the same.',
  ],
  how_rows: ['每套房一行，没投票的也要写，意见写“未投”。', 'One row for each unit, those without a ballot too: 未投.'],
  how_area: ['面积写不动产登记的面积，最多两位小数。', 'Area as registered, with two decimals at most.'],
  how_owner: [
    '业主编号只写代码，不写姓名。同一位业主有几套房，编号都一样，只算一人。',
    'The owner’s code is no name. All units of one owner have the same one, and count as one head.',
  ],
  how_shared: [
    '几个人共有一套房，合用一个编号，推选一人投一票。',
    'Co-owners of a unit have one code together, and name one of them to vote.',
  ],
  how_developer: [
    '开发商没卖出、没交付的房，都写开发商的编号。',
    'What the developer has not sold or handed over has the developer’s code.',
  ],
  templateXlsx: ['Excel 模板', 'Excel template'],
  templateCsv: ['CSV 模板', 'CSV template'],
  file: ['选文件（Excel .xlsx 或 CSV）', 'Choose a file (Excel .xlsx or CSV)'],
  fileHint: [`最多 ${OWNERS_UNITS_MAX} 行、1 MB。`, `Up to ${OWNERS_UNITS_MAX} rows and 1 MB.`],
  paste: ['或者把表格粘贴到这里（连表头）', 'Or paste the table here, with its header'],
  check: ['核对清单', 'Check the list'],
  file_empty: ['请选一个文件，或者把表格粘贴进来。', 'Please choose a file, or paste the table.'],
  'file_too-large': [
    `文件太大，最多 ${OWNERS_UNITS_MAX} 行、1 MB。`,
    `The file is too large: up to ${OWNERS_UNITS_MAX} rows and 1 MB.`,
  ],
  'file_old-excel': ['这是旧的 .xls 格式，请另存为 .xlsx。', 'This is the old .xls format. Save it as .xlsx.'],
  file_unreadable: ['读不懂这个文件，请传 .xlsx 或 .csv。', 'This file cannot be read. Send .xlsx or .csv.'],
  faults: [
    (count: number) => `清单里有 ${count} 处要改`,
    (count: number) => (count === 1 ? 'One thing in the list is to be mended' : `${count} things are to be mended`),
  ],
  faultsMore: [
    (shown: number) => `先列出前 ${shown} 处。改好再传一次。`,
    (shown: number) => `These are the first ${shown}. Mend them and send it again.`,
  ],
  faultsHint: ['改好再传一次。什么都还没有登记。', 'Mend them and send it again. Nothing is recorded yet.'],
  inRow: [
    (line: string, column: string) => `第 ${line} 行 · ${column}`,
    (line: string, column: string) => `Row ${line} · ${column}`,
  ],
  inHeader: [(column: string) => `表头 · ${column}`, (column: string) => `Header · ${column}`],
  ofList: ['整份清单', 'The whole list'],
  field_unit: ['房号', 'Unit'],
  field_areaCm: ['面积', 'Area'],
  field_owner: ['业主编号', 'Owner’s code'],
  field_choice: ['意见', 'Choice'],
  'fault_no-column': ['表头里没有这一列', 'The header has no such column'],
  'fault_two-columns': [
    '表头里有两列都是这一项，请只留要用的一列',
    'Two columns of the header are this one: keep the one that is meant',
  ],
  'fault_no-rows': ['清单是空的', 'The list is empty'],
  'fault_too-many': [`最多 ${OWNERS_UNITS_MAX} 户`, `${OWNERS_UNITS_MAX} units at most`],
  'fault_too-much-area': ['面积合计太大，请核对', 'The areas add up to more than can be'],
  fault_missing: ['没有填', 'Nothing is written here'],
  'fault_too-long': [`最多 ${UNIT_LENGTH_MAX} 个字`, `${UNIT_LENGTH_MAX} characters at most`],
  'fault_became-a-day': [
    '像是被表格软件改成了日期，请把这一列设为文本再填',
    'The spreadsheet has made a date of it. Format the column as text and write it again',
  ],
  'fault_not-a-code': [
    `只写编号：字母、数字和短横，最多 ${OWNER_CODE_LENGTH_MAX} 位，不写姓名和电话`,
    `A code alone: letters, digits and dashes, ${OWNER_CODE_LENGTH_MAX} at most. No name, no telephone number`,
  ],
  'fault_not-an-area': [
    '写成 89.50 这样：大于 0，最多两位小数，不超过 100000 平方米',
    'Write it as 89.50: more than 0, two decimals at most, 100,000 m² at most',
  ],
  'fault_not-a-choice': [
    '写其中一个：同意、反对、弃权、未投',
    'Write one of these: 同意 (yes), 反对 (no), 弃权 (abstains), 未投 (no ballot)',
  ],
  fault_twice: [
    (other: number) => `和第 ${other} 行是同一套房，一套房只写一行`,
    (other: number) => `The same unit as in row ${other}: one row for each unit`,
  ],
  'fault_two-choices': [
    (other: number) => `和第 ${other} 行是同一套房，意见却不一样：共有人只有一票，要推选一人表决`,
    (other: number) =>
      `The same unit as in row ${other} with another choice: co-owners have one vote, and name one of them`,
  ],
  'fault_owner-divided': [
    (other: number) => `和第 ${other} 行是同一位业主，意见却不一样：一位业主只有一个意见`,
    (other: number) => `The same owner as in row ${other} with another choice: an owner has one`,
  ],
  fits: [(units: number) => `清单没有问题，共 ${units} 套房`, (units: number) => `The list is fine: ${units} units`],
  fitsHint: [
    '请看清下面的结果，再提交。提交以后另一位才能照表决票录。',
    'Read the result below, then send it. After that a second person enters it from the ballots.',
  ],
  fitsHintSecond: [
    '请看清下面的结果，再提交。和第一位录的一样才算数。',
    'Read the result below, then send it. It counts only if it is the same as the first one.',
  ],
  differ: [
    (count: number) => `两份清单有 ${count} 套房不一样`,
    (count: number) => (count === 1 ? 'The two lists differ in one unit' : `The two lists differ in ${count} units`),
  ],
  differHint: [
    '请照表决票核对这些房，谁录错了谁再录一遍。现在什么都没有决定。',
    'Look at the ballots of these units; who was wrong enters the list once more. Nothing is decided.',
  ],
  'takes-part_heads': ['参加表决的人数', 'Owners that took part'],
  'takes-part_area': ['参加表决的面积', 'Area that took part'],
  agrees_heads: ['同意的人数（占参加的）', 'Owners that agree, of those who took part'],
  agrees_area: ['同意的面积（占参加的）', 'Area that agrees, of what took part'],
  'needs_two-thirds': ['要够三分之二', 'two thirds are asked for'],
  'needs_three-quarters': ['要够四分之三', 'three quarters are asked for'],
  'needs_more-than-half': ['要超过一半', 'more than half is asked for'],
  ofHeads: [
    (part: number, whole: number) => `（${part} / ${whole} 人）`,
    (part: number, whole: number) => ` (${part} of ${whole} owners)`,
  ],
  ofArea: [
    (part: string, whole: string) => `（${part} / ${whole} ㎡）`,
    (part: string, whole: string) => ` (${part} of ${whole} m²)`,
  ],
  result: ['业主表决结果', 'The owners’ vote'],
  enough_true: ['够', 'enough'],
  enough_false: ['不够', 'not enough'],
  listUnits: [(units: number) => `清单共 ${units} 套房`, (units: number) => `Counted from a list of ${units} units`],
  listTwo: [
    '由两个人照表决票各录一遍，两份一样。逐户的意见不公开，也不留在系统里。',
    'Two persons entered it from the ballots, each on their own, and both were the same. Who voted how is not published, and not kept here.',
  ],
  listHash: ['清单指纹（SHA-256）', 'Fingerprint of the list (SHA-256)'],
  listCode: ['清单码', 'Code of the list'],
  listCodeHint: [
    '只有经办人看得到。请写在纸质清单上：有清单和清单码，谁都能核对上面的指纹。',
    'Only those who work on it see it. Write it on the paper list: with both anybody can check the fingerprint.',
  ],
} as const
