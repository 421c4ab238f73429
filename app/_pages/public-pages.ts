import { PageCache } from "@/lib/http/page-cache";

// Next loads modules once per route bundle; the routes that change a count must clear the pages that show it.
const held = globalThis as { publicPages?: PageCache };

held.publicPages ??= new PageCache();

/** The rendered public pages of this process. */
export const publicPages = held.publicPages;
