// `npm run eval -- NAME …`: what the product learns and recalls, measured on its own code paths. Each name is a module
// beside this file that exports `main(args)` and gives back the exit code.

interface Evaluation {
  /** @returns the exit code */
  main(args: string[]): Promise<number>
}

/** Loaded when asked for, so that one evaluation does not wait for what another one needs. */
const evaluations: Record<string, () => Promise<Evaluation>> = {
  change: () => import('./change.ts'),
  extract: () => import('./extract.ts'),
  growth: () => import('./growth.ts'),
  journey: () => import('./journey.ts'),
  poison: () => import('./poison.ts'),
  recall: () => import('./recall.ts'),
  scenarios: () => import('./scenarios.ts'),
}

async function main([name = '', ...args]: string[]): Promise<number> {
  const load = Object.hasOwn(evaluations, name) ? evaluations[name] : undefined
  if (load === undefined) {
    const given = name === '' ? 'Say which evaluation.' : `There is no evaluation "${name}".`
    process.stderr.write(`${given} There are: ${Object.keys(evaluations).join(', ')}.\n`)
    return 2
  }
  return (await load()).main(args)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}

// The file is a module: `await` stands at its top level.
export {}
