export const FILE_TOO_LARGE = "File: it is too large. Upload only the file of this translation.";
