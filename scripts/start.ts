import { withErrorReport } from "@/scripts/support/environment";
import { runStack } from "@/scripts/support/stack";

const withWorker = !process.argv.includes("--without-worker");
await withErrorReport(() => runStack({ dev: false, withWorker }));
process.exit();
