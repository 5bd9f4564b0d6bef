/** A table that somebody sends, and what of it could not be taken. */
export const sheetFileWords = {
  file: ['选文件（Excel .xlsx 或 CSV）', 'Choose a file (Excel .xlsx or CSV)'],
  file_empty: ['请先选一个文件。', 'Please choose a file first.'],
  'file_too-large': ['文件太大，最多 1000 行、1 MB。', 'The file is too large: up to 1,000 rows and 1 MB.'],
  'file_old-excel': ['这是旧的 .xls 格式，请另存为 .xlsx。', 'This is the old .xls format. Save it as .xlsx.'],
  file_unreadable: ['读不懂这个文件，请传 .xlsx 或 .csv。', 'This file cannot be read. Send .xlsx or .csv.'],
  row: ['行', 'Row'],
  column: ['列', 'Column'],
  why: ['原因', 'Why'],
} as const
