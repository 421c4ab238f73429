/**
 * Returns this process's single value for a name, created on the first call.
 * For state that all modules must share: Next.js bundles a module
 * once per route, so a module's own variables exist several times.
 * @param name unique in the program; by convention the module's path in `lib` or `app`.
 */
export function perProcess<T>(name: string, make: () => T): T {
  const process = globalThis as { perProcess?: Map<string, unknown> };
  process.perProcess ??= new Map();
  if (!process.perProcess.has(name)) process.perProcess.set(name, make());
  return process.perProcess.get(name) as T;
}
