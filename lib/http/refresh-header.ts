/** Stands on requests that a page makes by itself: they do not keep a session alive that nobody uses. */
export const REFRESH_HEADER = "x-desk-refresh";
