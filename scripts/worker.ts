import { awaitCampaigns, followCampaigns } from "@/lib/campaigns";
import { closeDatabase } from "@/lib/db/client";
import { mailboxTransport, resendTransport } from "@/lib/mail";
import { startTelemetry, stopTelemetry } from "@/lib/observability";
import { beginSealing } from "@/lib/privacy";
import { settings } from "@/lib/settings";
import { runWorker } from "@/lib/worker";
import { withDatabase, withErrorReport } from "@/scripts/support/environment";
import { toldToStop } from "@/scripts/support/supervise";

/** Works until told to stop, then returns unfinished mail to the queue. */
async function work(): Promise<void> {
  const stopping = new AbortController();
  toldToStop().then(() => stopping.abort());
  const { resendApiKey: apiKey, resendBaseUrl: baseUrl } = settings();
  const transport =
    apiKey === null
      ? mailboxTransport()
      : resendTransport({ apiKey, ...(baseUrl === null ? {} : { baseUrl }) });
  await startTelemetry("worker");
  const endSealing = await beginSealing("worker");
  try {
    await awaitCampaigns(stopping.signal);
    void followCampaigns(stopping.signal);
    await runWorker(transport, stopping.signal);
  } finally {
    await endSealing();
    await stopTelemetry();
    await closeDatabase();
  }
}

// `npm start` passes a complete environment; a worker on its own prepares it first.
if (process.argv.includes("--supervised")) await withErrorReport(work);
else await withDatabase(work, undefined, { sendsMail: true });
process.exit();
