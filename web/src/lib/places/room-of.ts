/**
 * A household's label without its compound in front: `1号楼1单元101室`. Labels come with the compound's name for those who see
 * several; where the page has said it already it would stand there twice.
 */
export function roomOf(label: string, compoundName: string | undefined): string {
  return compoundName !== undefined && label.startsWith(compoundName) ? label.slice(compoundName.length).trim() : label
}
