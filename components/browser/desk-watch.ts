// Hides a desk page once its session has ended, here or elsewhere. Compiled by
// app/(public)/_pages/enhancement.ts.
import { watchSession } from "./watch-session";

watchSession();
