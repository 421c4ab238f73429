/** Marks requests that a page makes by itself. They do not keep an unused session alive. */
export const REFRESH_HEADER = "x-desk-refresh";
