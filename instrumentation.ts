/** Next's own hook: called once in each web process, before it answers anybody. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startTelemetry } = await import("@/lib/observability");
  await startTelemetry("web");
}
