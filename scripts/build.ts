import { build } from "@/scripts/support/build";
import { OperatorError, withErrorReport } from "@/scripts/support/environment";

await withErrorReport(async () => {
  if ((await build()) !== 0) throw new OperatorError("The build failed: see above");
});
process.exit();
