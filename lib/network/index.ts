export { dailyKey, forgetNetworks, NETWORK_KEPT_HOURS, networkKey, networkKeys, networkOf } from "./network";
