// `npm run eval -- recall …`: what recall finds for questions over many worlds, written and scored.

/** @returns the exit code */
export async function main(args: string[]): Promise<number> {
  process.stderr.write(`recall: not understood: ${args.join(' ')}\n`)
  return 2
}
