import { reportingFaults } from "@/scripts/support/environment";
import { runStack } from "@/scripts/support/stack";

await reportingFaults(() => runStack({ dev: true }));
process.exit();
