/** The package brings no types of its own; this is what is used of it. */
declare module 'saxen' {
  type Attributes = Readonly<Record<string, string>>
  type Decode = (text: string) => string
  export class Parser {
    on(
      event: 'openTag',
      run: (name: string, attributes: () => Attributes, decode: Decode, selfClosing: boolean) => void,
    ): this
    on(event: 'closeTag', run: (name: string) => void): this
    on(event: 'text' | 'cdata', run: (text: string, decode: Decode) => void): this
    on(event: 'error', run: (error: Error) => void): this
    /** What went wrong, if it was not taken by an `error` listener. */
    parse(xml: string): unknown
  }
}
