import { withErrorReport } from "@/scripts/support/environment";
import { runStack } from "@/scripts/support/stack";

await withErrorReport(() => runStack({ dev: true }));
process.exit();
