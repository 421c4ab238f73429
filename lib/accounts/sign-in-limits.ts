import { keyedHash } from "@/lib/db/keyed-hash";
import { networkOf } from "@/lib/network";

/** Sign-ins of one network that are checked at once. Others keep most of the queue for hashes. */
export const SIGN_INS_UNDER_WAY = 4;
/** Sign-ins of one network that are checked per minute: far more than an office of administrators needs. */
export const SIGN_INS_A_MINUTE = 30;
const MINUTE_MILLISECONDS = 60_000;

type Share = { minute: number; tried: number; underWay: number };

/** By a keyed hash of the network. Outdated entries are dropped every minute. */
const shares = new Map<string, Share>();
let sweptMinute = 0;

/**
 * Runs the work unless this network is at its limit in this process; then returns null at once, without the
 * database. The work it saves, hashing passwords, is limited per process as well.
 */
export async function withinNetworkShare<T>(
  client: string,
  work: () => Promise<T>,
  now = new Date(),
): Promise<T | null> {
  const minute = Math.floor(now.getTime() / MINUTE_MILLISECONDS);
  const share = shareOf(keyedHash("admin-network", networkOf(client)).toString("base64"), minute);
  if (share.underWay >= SIGN_INS_UNDER_WAY || share.tried >= SIGN_INS_A_MINUTE) return null;
  share.tried += 1;
  share.underWay += 1;
  try {
    return await work();
  } finally {
    share.underWay -= 1;
  }
}

function shareOf(key: string, minute: number): Share {
  if (minute !== sweptMinute) {
    sweptMinute = minute;
    for (const [other, { underWay }] of shares) if (underWay === 0) shares.delete(other);
  }
  const share = shares.get(key) ?? { minute, tried: 0, underWay: 0 };
  if (share.minute !== minute) Object.assign(share, { minute, tried: 0 });
  shares.set(key, share);
  return share;
}
