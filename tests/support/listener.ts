import { listen } from "@/lib/announcements";
import { toldToStop } from "@/scripts/support/supervise";

// One process that follows what is announced, and prints each time that it hears something.
const following = new AbortController();
void listen("abuse_policy", (payload) => console.log(JSON.stringify(payload)), following.signal);
await toldToStop();
process.exit();
